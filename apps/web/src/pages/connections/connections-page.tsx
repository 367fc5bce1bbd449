import { useConnection } from '@clms/client/react';
import { Badge, Button, Table, Text, VisuallyHidden } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import type { Page } from '../../api/api-client.ts';
import { STAFF_ROLE_WORDS } from '../../api/user.ts';
import { errorToShow } from '../../api/error-to-show.ts';
import { messageOf } from '../../api/api-error.ts';
import { useServerNow } from '../../live/use-server-now.ts';
import { announceDone, announceError } from '../../shell/announce-change.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { PageHead } from '../../shell/page-head.tsx';
import { PageLoading } from '../../shell/page-loading.tsx';
import { Panel } from '../../shell/panel.tsx';
import { useVenueTime } from '../../venue/venue-context.tsx';
import { relative } from '../../venue/venue-time.ts';
import stacked from '../../shell/stacked-table.module.css';
import { Traffic } from './traffic.tsx';

interface ConnectionInfo {
  readonly clientId: string;
  readonly username: string;
  readonly role: string;
  readonly transport: string;
  readonly address: string;
  readonly connectedAt: string;
  readonly topics: readonly string[];
  readonly queue: { readonly messages: number; readonly bytes: number };
  readonly latencyMs: number | null;
}

const ROLE_WORDS: Readonly<Record<string, string>> = { ...STAFF_ROLE_WORDS, KIOSK: 'Kiosk', DISPLAY: 'Display' };
const REFRESH_MS = 5_000;

/** Who is connected now, from where, and how well it goes. */
export default function ConnectionsPage(): ReactNode {
  const queries = useQueryClient();
  const time = useVenueTime();
  const now = useServerNow(10_000);
  const listed = useQuery({ queryKey: ['connections'], queryFn: () => api.get<Page<ConnectionInfo>>('/api/websocket/connections?limit=500'), refetchInterval: REFRESH_MS });
  const { data, isLoading } = listed;
  const error = errorToShow(listed);
  // The page itself connects a moment after it asks for the first time.
  const { isConnected } = useConnection();
  useEffect(() => {
    for (const key of ['connections', 'websocket-status']) void queries.invalidateQueries({ queryKey: [key] });
  }, [queries, isConnected]);
  const close = useMutation({
    mutationFn: ({ clientId }: ConnectionInfo) => api.delete(`/api/websocket/connections/${clientId}`),
    onSuccess: (_: unknown, { username }: ConnectionInfo) => announceDone(`A connection of ${username} was closed. It will try to come back.`),
    onError: announceError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['connections'] }),
  });
  const connections = (data?.items ?? []).toSorted((a, b) => a.connectedAt.localeCompare(b.connectedAt));
  return (
    <>
      <PageHead title="Connections" lead="Drawn anew every 5 s." />
      <Traffic />
      <Panel title={`Connected (${connections.length})`} testId="connections">
        {isLoading && <PageLoading />}
        {error && <Text c="red" p="md">{messageOf(error)}</Text>}
        {data && connections.length === 0 && <EmptyState title="Nobody yet">This page’s own connection is listed a moment after it opens.</EmptyState>}
        {connections.length > 0 && (
          <Table className={stacked.stacked} miw={900}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Who</Table.Th>
                <Table.Th>Role</Table.Th>
                <Table.Th>From</Table.Th>
                <Table.Th>Since</Table.Th>
                <Table.Th>Topics</Table.Th>
                <Table.Th ta="right">Queue</Table.Th>
                <Table.Th ta="right">Latency</Table.Th>
                <Table.Th><VisuallyHidden>Actions</VisuallyHidden></Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {connections.map((connection) => (
                <Table.Tr key={connection.clientId}>
                  <Table.Td fw={600}>{connection.username}</Table.Td>
                  <Table.Td><Badge color="gray">{ROLE_WORDS[connection.role] ?? connection.role}</Badge></Table.Td>
                  <Table.Td data-label="from">{connection.address} <Text span size="sm" c="dimmed">{connection.transport}</Text></Table.Td>
                  <Table.Td data-label="since">{time.moment(connection.connectedAt, now)} <Text span size="sm" c="dimmed">({relative(connection.connectedAt, now)})</Text></Table.Td>
                  <Table.Td data-label="topics">{connection.topics.join(', ') || '–'}</Table.Td>
                  <Table.Td ta="right" data-label="queue">{connection.queue.messages === 0 ? '–' : `${connection.queue.messages} (${Math.ceil(connection.queue.bytes / 1024)} KiB)`}</Table.Td>
                  <Table.Td ta="right" data-label="latency">{connection.latencyMs === null ? '–' : `${Math.round(connection.latencyMs)} ms`}</Table.Td>
                  <Table.Td ta="right"><Button size="compact-sm" variant="subtle" color="red" onClick={() => close.mutate(connection)}>Close</Button></Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Panel>
    </>
  );
}
