import { Button, Group, Modal, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { fieldErrors } from '../../api/field-errors.ts';
import { STAFF_ROLE_WORDS, type StaffRole, type User } from '../../api/user.ts';
import { AlsoEditing } from '../../live/also-editing.tsx';
import { useUser } from '../../session/use-session.ts';
import { announceDone } from '../../shell/announce-change.tsx';
import { FormProblem } from '../../shell/form-problem.tsx';

const ROLES = Object.entries(STAFF_ROLE_WORDS).map(([value, label]) => ({ value, label }));

/** Adds an account, or changes its name, role or password. */
export function UserDialog({ user, onClose }: { readonly user: User | undefined; readonly onClose: () => void }): ReactNode {
  const queries = useQueryClient();
  const me = useUser();
  const [form, setForm] = useState({ username: user?.username ?? '', displayName: user?.displayName ?? '', role: user?.role ?? ('LIBRARIAN' as StaffRole), password: '' });
  const set = (change: Partial<typeof form>) => setForm((before) => ({ ...before, ...change }));
  const save = useMutation({
    mutationFn: () => {
      const { username, displayName, role, password } = form;
      const shared = { role, ...(displayName.trim() !== '' && { displayName: displayName.trim() }), ...(password !== '' && { password }) };
      return user ? api.patch<User>(`/api/users/${user.id}`, shared, { ifMatch: user.version }) : api.post<User>('/api/users', { username: username.trim(), ...shared });
    },
    onSuccess: (saved) => {
      announceDone(`${saved.displayName} saved`);
      void queries.invalidateQueries({ queryKey: ['users'] });
      onClose();
    },
  });
  const wrong = fieldErrors(save.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={user ? `Account of ${user.displayName}` : 'Add an account'}>
      <AlsoEditing name={user && `the account of ${user.displayName}`} />
      <form onSubmit={submit}>
        <Stack>
          {!user && <TextInput label="Username" description="Letters, digits and . _ @ + -" required data-autofocus maxLength={64} autoComplete="off" error={wrong['username']} value={form.username} onChange={(event) => set({ username: event.currentTarget.value })} />}
          <TextInput label="Name" description="As colleagues read it" maxLength={120} error={wrong['displayName']} value={form.displayName} onChange={(event) => set({ displayName: event.currentTarget.value })} />
          <Select label="Role" data={ROLES} allowDeselect={false} disabled={user?.id === me.id} value={form.role} onChange={(role) => role && set({ role: role as StaffRole })} />
          <PasswordInput label={user ? 'New password' : 'Password'} description={user ? 'Empty = stays as it is. A new one signs the account out everywhere.' : 'At least 8 characters'} required={!user} minLength={8} maxLength={256} autoComplete="new-password" error={wrong['password']} value={form.password} onChange={(event) => set({ password: event.currentTarget.value })} />
          <FormProblem error={save.error} fields={['username', 'displayName', 'password']} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" loading={save.isPending}>Save</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
