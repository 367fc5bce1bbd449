import type { EmergencyAlert } from '@clms/protocol';
import { Button, Table } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { downloadFile } from '../../api/download-file.ts';
import { announceError } from '../../shell/announce-change.tsx';
import { Panel } from '../../shell/panel.tsx';
import { useVenueTime } from '../../venue/venue-context.tsx';
import { duration } from '../../venue/venue-time.ts';
import stacked from '../../shell/stacked-table.module.css';

/** What was raised lately, with its report. */
export function LastEmergencies({ past }: { readonly past: readonly EmergencyAlert[] }): ReactNode {
  const time = useVenueTime();
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
            <Table.Th>Report</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {past.map(({ id, raisedAt, clearedAt, message, location, raisedBy, counts }) => (
            <Table.Tr key={id}>
              <Table.Td>{time.full(raisedAt)}</Table.Td>
              <Table.Td fw={600}>{[message, location].filter(Boolean).join(' · ')}</Table.Td>
              <Table.Td>{raisedBy ?? '–'}</Table.Td>
              <Table.Td>{clearedAt ? duration(Date.parse(clearedAt) - Date.parse(raisedAt)) : '–'}</Table.Td>
              <Table.Td>{counts ? `${counts.safe} / ${counts.missing} / ${counts.unaccounted}` : '–'}</Table.Td>
              <Table.Td><Button size="compact-sm" variant="subtle" leftSection={<IconDownload size={14} />} onClick={() => void downloadFile(`/api/emergencies/${id}`, `emergency-${time.date(raisedAt)}.json`).catch(announceError)}>Report</Button></Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}
