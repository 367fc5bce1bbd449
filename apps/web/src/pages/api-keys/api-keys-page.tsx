import { Badge, Button, Group, Modal, Table, Text, VisuallyHidden } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { messageOf } from '../../api/api-error.ts';
import { usePages } from '../../api/use-pages.ts';
import { useServerNow } from '../../live/use-server-now.ts';
import { announceDone, announceError } from '../../shell/announce-change.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { LoadMore } from '../../shell/load-more.tsx';
import { PageHead } from '../../shell/page-head.tsx';
import { PageLoading } from '../../shell/page-loading.tsx';
import { Panel } from '../../shell/panel.tsx';
import { useVenueTime } from '../../venue/venue-context.tsx';
import stacked from '../../shell/stacked-table.module.css';
import { AddKeyDialog, SCOPES, type ApiKey } from './add-key-dialog.tsx';
import { ServerHealth } from './server-health.tsx';

/** How other systems get in, and how the server is. */
export default function ApiKeysPage(): ReactNode {
  const keys = usePages<ApiKey>('api-keys', '/api/api-keys');
  const queries = useQueryClient();
  const time = useVenueTime();
  const now = useServerNow(30_000);
  const [adding, setAdding] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const revoke = useMutation({
    mutationFn: (key: ApiKey) => api.delete<ApiKey>(`/api/api-keys/${key.id}`),
    onSuccess: ({ name }) => announceDone(`The key ${name} opens nothing any more`),
    onError: announceError,
    onSettled: () => {
      setRevoking(null);
      void queries.invalidateQueries({ queryKey: ['api-keys'] });
    },
  });
  return (
    <>
      <PageHead title="Server and keys" lead="A key lets another program publish events, read, or collect metrics. It is shown once.">
        <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>Make a key</Button>
      </PageHead>
      <ServerHealth />
      <Panel title="API keys">
        {keys.isLoading && <PageLoading />}
        {keys.error && <Text c="red" p="md">{messageOf(keys.error)}</Text>}
        {!keys.isLoading && !keys.error && keys.items.length === 0 && <EmptyState title="No keys">Only needed when another program talks to this server.</EmptyState>}
        {keys.items.length > 0 && (
          <Table className={stacked.stacked} miw={640}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>May</Table.Th>
                <Table.Th>Made</Table.Th>
                <Table.Th>Last used</Table.Th>
                <Table.Th><VisuallyHidden>Actions</VisuallyHidden></Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {keys.items.map((key) => (
                <Table.Tr key={key.id}>
                  <Table.Td fw={600}>{key.name}</Table.Td>
                  <Table.Td data-label="may">{key.scopes.map((scope) => SCOPES.find(({ value }) => value === scope)?.label ?? scope).join(', ')}</Table.Td>
                  <Table.Td data-label="made">{time.day(key.createdAt)}</Table.Td>
                  <Table.Td data-label="last used">{key.lastUsedAt ? time.moment(key.lastUsedAt, now) : 'never'}</Table.Td>
                  <Table.Td ta="right">{key.revokedAt ? <Badge color="gray">Revoked</Badge> : <Button size="compact-sm" variant="subtle" color="red" onClick={() => setRevoking(key)}>Revoke</Button>}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
        <LoadMore {...keys} />
      </Panel>
      {adding && <AddKeyDialog onClose={() => setAdding(false)} />}
      <Modal opened={revoking !== null} onClose={() => setRevoking(null)} title={`Revoke ${revoking?.name ?? ''}?`}>
        <Text size="sm" mb="md">The program that uses it is refused from now on. It cannot be brought back.</Text>
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={() => setRevoking(null)}>Keep it</Button>
          <Button color="red" loading={revoke.isPending} onClick={() => revoking && revoke.mutate(revoking)}>Revoke</Button>
        </Group>
      </Modal>
    </>
  );
}
