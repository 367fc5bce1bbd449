import { Badge, Button, Group, Switch, Table, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { messageOf } from '../../api/api-error.ts';
import { usePages } from '../../api/use-pages.ts';
import { STAFF_ROLE_WORDS, type User } from '../../api/user.ts';
import { useUser } from '../../session/use-session.ts';
import { announceDone, announceError } from '../../shell/announce-change.tsx';
import { LoadMore } from '../../shell/load-more.tsx';
import { PageHead } from '../../shell/page-head.tsx';
import { PageLoading } from '../../shell/page-loading.tsx';
import { Panel } from '../../shell/panel.tsx';
import { useVenueTime } from '../../venue/venue-context.tsx';
import stacked from '../../shell/stacked-table.module.css';
import { UserDialog } from './user-dialog.tsx';

/** Who of the staff may sign in, and as what. */
export default function UsersPage(): ReactNode {
  const users = usePages<User>('users', '/api/users');
  const queries = useQueryClient();
  const me = useUser();
  const time = useVenueTime();
  const [edited, setEdited] = useState<User | 'new' | null>(null);
  const activate = useMutation({
    mutationFn: ({ user, active }: { readonly user: User; readonly active: boolean }) => api.patch<User>(`/api/users/${user.id}`, { active }),
    onSuccess: (user) => announceDone(user.active ? `${user.displayName} may sign in again` : `${user.displayName} is signed out everywhere and may not sign in`, () => api.patch(`/api/users/${user.id}`, { active: !user.active }).then(refresh)),
    onError: announceError,
    onSettled: () => refresh(),
  });
  const refresh = () => queries.invalidateQueries({ queryKey: ['users'] });
  return (
    <>
      <PageHead title="Staff accounts" lead="Everybody has an account of their own, so that the audit tells who did what.">
        <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>Add an account</Button>
      </PageHead>
      <Panel>
        {users.isLoading && <PageLoading />}
        {users.error && <Text c="red" p="md">{messageOf(users.error)}</Text>}
        <Table className={stacked.stacked} miw={640} highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Username</Table.Th>
              <Table.Th>Role</Table.Th>
              <Table.Th>Since</Table.Th>
              <Table.Th>May sign in</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {users.items.map((user) => (
              <Table.Tr key={user.id}>
                <Table.Td fw={600}>{user.displayName}</Table.Td>
                <Table.Td>{user.username}</Table.Td>
                <Table.Td><Badge color={user.role === 'ADMIN' ? 'accent' : 'gray'}>{STAFF_ROLE_WORDS[user.role]}</Badge></Table.Td>
                <Table.Td data-label="since">{time.day(user.createdAt)}</Table.Td>
                <Table.Td data-label="may sign in">
                  <Switch aria-label={`${user.displayName} may sign in`} checked={user.active} disabled={user.id === me.id || activate.isPending} onChange={(event) => activate.mutate({ user, active: event.currentTarget.checked })} />
                </Table.Td>
                <Table.Td><Group justify="flex-end"><Button size="compact-sm" variant="subtle" onClick={() => setEdited(user)}>Edit</Button></Group></Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <LoadMore {...users} />
      </Panel>
      {edited && <UserDialog user={edited === 'new' ? undefined : edited} onClose={() => setEdited(null)} />}
    </>
  );
}
