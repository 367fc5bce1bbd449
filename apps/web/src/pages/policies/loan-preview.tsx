import { Select, Table, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { messageOf } from '../../api/api-error.ts';
import type { Policies } from '../../api/policies.ts';
import { Panel } from '../../shell/panel.tsx';
import { useVenueTime } from '../../venue/venue-context.tsx';
import { ruleWords } from './rule-words.ts';

interface LoanEffect {
  readonly gradeCategory: string;
  readonly collectionCode: string;
  readonly days: number;
  readonly dueAt: string | null;
}

const effects = (policies: Policies) => ({
  queryKey: ['policies-preview', policies.loans] as const,
  queryFn: () => api.post<{ readonly items: readonly LoanEffect[] }>('/api/policies/preview', { loans: policies.loans }),
});

/** "A grade 9 pupil lends FIC today: due …", as the server would decide it, beside what it decides now. */
export function LoanPreview({ form, initial }: { readonly form: Policies; readonly initial: Policies }): ReactNode {
  const [reader, setReader] = useState('JUNIOR_HIGH');
  const [asked] = useDebouncedValue(form, 300);
  const after = useQuery({ ...effects(asked), placeholderData: keepPreviousData });
  const before = useQuery(effects(initial));
  const time = useVenueTime();
  const words = (effect: LoanEffect | undefined) => (effect === undefined ? 'no rule' : effect.dueAt === null ? 'in the library only' : `${time.day(effect.dueAt)} ${time.time(effect.dueAt)}`);
  const items = after.data?.items ?? [];
  const readers = [...new Set(items.map(({ gradeCategory }) => gradeCategory))];
  return (
    <Panel title="A book lent now would be due" testId="policies-preview">
      <div style={{ padding: 16 }}>
        <Select label="By" allowDeselect={false} data={readers.map((value) => ({ value, label: ruleWords(value) }))} value={reader} onChange={(value) => value && setReader(value)} />
        {after.error && <Text c="red" size="sm" mt="xs">{messageOf(after.error)}</Text>}
      </div>
      <Table>
        <Table.Tbody>
          {items.filter(({ gradeCategory }) => gradeCategory === reader).map((effect) => {
            const was = before.data?.items.find((one) => one.gradeCategory === reader && one.collectionCode === effect.collectionCode);
            const differs = before.data !== undefined && words(was) !== words(effect);
            return (
              <Table.Tr key={effect.collectionCode} {...(differs && { bg: 'var(--clms-soon-soft)' })}>
                <Table.Td fw={600}>{ruleWords(effect.collectionCode)}</Table.Td>
                <Table.Td>{words(effect)}{differs && <Text size="xs" c="dimmed">now: {words(was)}</Text>}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}
