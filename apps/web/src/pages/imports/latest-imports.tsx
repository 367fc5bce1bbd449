import { Badge, Button, Table, Text, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../../api/api.ts';
import type { Page } from '../../api/api-client.ts';
import { messageOf } from '../../api/api-error.ts';
import type { ImportResult } from '../../api/import-result.ts';
import { useServerNow } from '../../live/use-server-now.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { Panel } from '../../shell/panel.tsx';
import { useVenueTime } from '../../venue/venue-context.tsx';
import stacked from '../../shell/stacked-table.module.css';
import { STATUS_WORDS } from './import-words.ts';

const COLORS = { PREVIEWED: 'gray', APPLIED: 'accent', FAILED: 'red', RUNNING: 'amber' } as const;

/** Another desk may be importing: its state is followed to the end. */
const RUNNING_REFRESH_MS = 2_000;

/** Earlier files and what became of them. */
export function LatestImports({ onOpen }: { readonly onOpen: (id: string) => void }): ReactNode {
  const { data, error } = useQuery({ queryKey: ['imports'], queryFn: () => api.get<Page<Omit<ImportResult, 'rows'>>>('/api/imports'), refetchInterval: ({ state }) => (state.data?.items.some(({ status }) => status === 'RUNNING') ? RUNNING_REFRESH_MS : false) });
  const time = useVenueTime();
  const now = useServerNow(60_000);
  return (
    <Panel title="Latest">
      {error && <Text c="red" p="md">{messageOf(error)}</Text>}
      {data?.items.length === 0 && <EmptyState title="No imports yet">The school’s list of pupils is a good first one.</EmptyState>}
      {data && data.items.length > 0 && (
        <Table className={stacked.stacked} miw={640}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>When</Table.Th>
              <Table.Th>File</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>New / changed / to look at / rejected</Table.Th>
              <Table.Th><VisuallyHidden>Actions</VisuallyHidden></Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.items.map(({ id, createdAt, fileName, kind, status, counts, progress }) => (
              <Table.Tr key={id}>
                <Table.Td>{time.moment(createdAt, now)}</Table.Td>
                <Table.Td fw={600}>{fileName ?? kind}</Table.Td>
                <Table.Td><Badge color={COLORS[status]}>{STATUS_WORDS[status]}{status === 'RUNNING' ? `, ${progress} %` : ''}</Badge></Table.Td>
                <Table.Td data-label="new / changed / to look at / rejected:">{counts.create} / {counts.update} / {counts.review} / {counts.reject}</Table.Td>
                <Table.Td ta="right"><Button size="compact-sm" variant="subtle" onClick={() => onOpen(id)}>Show rows</Button></Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  );
}
