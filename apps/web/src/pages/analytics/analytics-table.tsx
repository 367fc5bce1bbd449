import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AnalyticsAnswer } from '../../api/analytics.ts';
import { figureText, figureWords, pointWords } from './analytics-words.ts';

/** The figures behind the bars. */
export function AnalyticsTable({ answer: { series, previous } }: { readonly answer: AnalyticsAnswer }): ReactNode {
  const figures = Object.keys(series[0] ?? {}).filter((name) => name !== 'key' && name !== 'label' && name !== 'value');
  // The bar's figure is one of the named ones, as a rule; alone it gets a column of its own.
  if (!figures.some((name) => series.every((point) => point[name] === point.value))) figures.unshift('value');
  return (
    <Table miw={480}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Group</Table.Th>
          {figures.map((name) => <Table.Th key={name} ta="right">{name === 'value' ? 'Figure' : figureWords(name)}</Table.Th>)}
          {previous && <Table.Th ta="right">Time before</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {series.map((point, index) => (
          <Table.Tr key={point.key}>
            <Table.Td>{pointWords(point.label)}</Table.Td>
            {figures.map((name) => <Table.Td key={name} ta="right">{figureText(point[name] ?? '–')}</Table.Td>)}
            {previous && <Table.Td ta="right" c="dimmed">{figureText(previous.series[index]?.value ?? '–')}</Table.Td>}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
