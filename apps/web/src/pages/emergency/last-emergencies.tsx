import type { EmergencyAlert } from '@clms/protocol';
import { Button, Table } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import type { Page } from '../../api/api-client.ts';
import { saveCsv } from '../../api/download-file.ts';
import { Panel } from '../../shell/panel.tsx';
import { useVenueTime } from '../../venue/venue-context.tsx';
import { duration } from '../../venue/venue-time.ts';
import { reportCsv } from './report-csv.ts';
import stacked from '../../shell/stacked-table.module.css';

const SHOWN = 10;

/** What was raised lately, with its report. `told` = what the live topic holds: with every change of it the list is asked for again. */
export function LastEmergencies({ told }: { readonly told: readonly EmergencyAlert[] }): ReactNode {
  const time = useVenueTime();
  const queries = useQueryClient();
  const past = useQuery({ queryKey: ['emergencies'], queryFn: () => api.get<Page<EmergencyAlert>>('/api/emergencies', { limit: SHOWN }) }).data?.items ?? told;
  useEffect(() => void queries.invalidateQueries({ queryKey: ['emergencies'] }), [queries, told]);
  if (past.length === 0) return null;
  return (
    <Panel title="Lately">
      <Table className={stacked.stacked} miw={640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Raised</Table.Th>
            <Table.Th>What</Table.Th>
            <Table.Th>By</Table.Th>
            <Table.Th>Lasted</Table.Th>
            <Table.Th>Safe / missing / not ticked</Table.Th>
            <Table.Th>Roll-call</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {past.map(({ id, raisedAt, clearedAt, message, location, raisedBy, counts, rollCall }) => (
            <Table.Tr key={id}>
              <Table.Td>{time.full(raisedAt)}</Table.Td>
              <Table.Td fw={600}>{[message, location].filter(Boolean).join(' · ')}</Table.Td>
              <Table.Td data-label="by">{raisedBy ?? '–'}</Table.Td>
              <Table.Td data-label="lasted">{clearedAt ? duration(Date.parse(clearedAt) - Date.parse(raisedAt)) : '–'}</Table.Td>
              <Table.Td data-label="safe / missing / not ticked:">{counts ? `${counts.safe} / ${counts.missing} / ${counts.unaccounted}` : '–'}</Table.Td>
              <Table.Td><Button size="compact-sm" variant="subtle" leftSection={<IconDownload size={14} />} aria-label={`Roll-call of ${time.full(raisedAt)} as a table`} onClick={() => saveCsv(reportCsv(rollCall ?? [], time), `roll-call-${time.date(raisedAt)}.csv`)}>Table</Button></Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}
