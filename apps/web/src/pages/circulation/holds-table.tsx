import { Badge, Button, Table, Text, VisuallyHidden } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { messageOf } from '../../api/api-error.ts';
import type { Hold } from '../../api/loan.ts';
import { usePages } from '../../api/use-pages.ts';
import { useServerNow } from '../../live/use-server-now.ts';
import { announceDone, announceError } from '../../shell/announce-change.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { LoadMore } from '../../shell/load-more.tsx';
import { PageLoading } from '../../shell/page-loading.tsx';
import { Panel } from '../../shell/panel.tsx';
import { useVenueTime } from '../../venue/venue-context.tsx';
import { relative } from '../../venue/venue-time.ts';
import stacked from '../../shell/stacked-table.module.css';

/** Who waits for which title, and what lies ready. */
export function HoldsTable(): ReactNode {
  const holds = usePages<Hold>('holds', '/api/holds', { open: true, limit: 100 });
  const queries = useQueryClient();
  const time = useVenueTime();
  const now = useServerNow(30_000);
  const cancel = useMutation({
    mutationFn: (hold: Hold) => api.delete<Hold>(`/api/holds/${hold.id}`),
    onSuccess: ({ title }) => announceDone(`The hold of “${title}” is cancelled`),
    onError: announceError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['holds'] }),
  });
  return (
    <Panel testId="holds">
      {holds.isLoading && <PageLoading />}
      {holds.error && <Text c="red" p="md">{messageOf(holds.error)}</Text>}
      {!holds.isLoading && !holds.error && holds.items.length === 0 && <EmptyState title="Nobody waits for a book">A hold keeps the next copy that comes back for the person who asked.</EmptyState>}
      {holds.items.length > 0 && (
        <Table className={stacked.stacked} miw={680} highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Title</Table.Th>
              <Table.Th>For</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th><VisuallyHidden>Actions</VisuallyHidden></Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {holds.items.map((hold) => (
              <Table.Tr key={hold.id}>
                <Table.Td fw={600}>{hold.title}</Table.Td>
                <Table.Td data-label="for"><Link to="/people" search={{ id: hold.studentId } as never} style={{ color: 'inherit' }}>{hold.studentName ?? 'Somebody'}</Link></Table.Td>
                <Table.Td>
                  {hold.status === 'READY'
                    ? <Badge>Ready{hold.readyUntil ? ` until ${time.day(hold.readyUntil)} (${relative(hold.readyUntil, now)})` : ''}</Badge>
                    : <Text span c="dimmed">Number {hold.position} in line</Text>}
                </Table.Td>
                <Table.Td ta="right"><Button size="compact-sm" variant="subtle" color="red" onClick={() => cancel.mutate(hold)}>Cancel the hold</Button></Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <LoadMore {...holds} />
    </Panel>
  );
}
