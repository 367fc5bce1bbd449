import { Alert, SegmentedControl, Table, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import type { ImportOutcome, ImportResult } from '../../api/import-result.ts';
import { Panel } from '../../shell/panel.tsx';
import stacked from '../../shell/stacked-table.module.css';
import { formatWords, OUTCOME_WORDS, STATUS_WORDS } from './import-words.ts';
import classes from './imports.module.css';

/** Rows drawn; more would make the browser slow and nobody read them. */
const SHOWN_ROWS = 500;
const OUTCOMES: readonly ImportOutcome[] = ['create', 'update', 'review', 'reject', 'unchanged'];
const SEPARATORS: Readonly<Record<string, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' };

/** What becomes of each row, by colour and word, with what was repaired. `isExplained`: why nothing was written stands above already. */
export function ImportOutcomeView({ result, isExplained }: { readonly result: ImportResult; readonly isExplained: boolean }): ReactNode {
  const { counts, rows, status, error, format, encoding, delimiter, lineEnd, fileName } = result;
  const [outcome, setOutcome] = useState<ImportOutcome | 'all'>('all');
  const matching = outcome === 'all' ? rows : rows.filter((row) => row.outcome === outcome);
  const shown = matching.slice(0, SHOWN_ROWS);
  const found = [format && formatWords(format), encoding, delimiter && `separated by ${SEPARATORS[delimiter] ?? `“${delimiter}”`}`, lineEnd && `line ends ${lineEnd}`].filter(Boolean).join(' · ');
  return (
    <Panel title={`${STATUS_WORDS[status]}${fileName ? `: ${fileName}` : ''}`} aside={<Text size="sm" c="dimmed">{found}</Text>} testId="import-outcome">
      {error !== null && !isExplained && <Alert color="red" m="md" title="Nothing was written">{error}</Alert>}
      <div className={classes.counts}>
        {OUTCOMES.map((one) => <div key={one} data-outcome={one}><b>{counts[one]}</b> {OUTCOME_WORDS[one]}</div>)}
        {counts.deactivate > 0 && <div data-outcome="reject"><b>{counts.deactivate}</b> deactivated: missing from the file</div>}
      </div>
      {rows.length > 0 && (
        <>
          <div className={classes.filter}>
            <SegmentedControl size="xs" data={[{ value: 'all', label: 'All rows' }, ...OUTCOMES.map((value) => ({ value, label: OUTCOME_WORDS[value] }))]} value={outcome} onChange={(value) => setOutcome(value as ImportOutcome | 'all')} />
          </div>
          <Table className={stacked.stacked} miw={640}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Line</Table.Th>
                <Table.Th>Record</Table.Th>
                <Table.Th>Outcome</Table.Th>
                <Table.Th>Why</Table.Th>
                <Table.Th>Repaired, before → after</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map((row, index) => (
                <Table.Tr key={`${row.line}-${index}`} className={classes.row} data-outcome={row.outcome}>
                  <Table.Td data-label="line">{row.line}</Table.Td>
                  <Table.Td miw={110} style={{ overflowWrap: 'anywhere' }}>{row.subject ?? '–'}</Table.Td>
                  <Table.Td className={classes.outcome}>{OUTCOME_WORDS[row.outcome]}</Table.Td>
                  <Table.Td>{row.reasons.join(' ')}</Table.Td>
                  <Table.Td>{row.repairs.map((repair) => <div key={repair}>{repair}</div>)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          {matching.length > SHOWN_ROWS && <Text p="md" size="sm" c="dimmed">The first {SHOWN_ROWS} of {matching.length} rows.</Text>}
        </>
      )}
    </Panel>
  );
}
