import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { messageOf } from '../../api/api-error.ts';
import { session } from '../../session/session-store.ts';
import { useSession } from '../../session/use-session.ts';
import { DoorFrame } from './door-frame.tsx';

/** Staff sign in here; the router brings them to the page they asked for. */
export default function LoginPage(): ReactNode {
  const state = useSession();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const login = useMutation({ mutationFn: () => session.login(username.trim(), password) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    login.mutate();
  };
  return (
    <DoorFrame title="Sign in" lead={state.state === 'signed_out' && state.ended ? 'Your session has ended. Sign in again: you come back to where you were.' : 'For the library’s staff.'}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label="Username" autoComplete="username" autoFocus required value={username} onChange={(event) => setUsername(event.currentTarget.value)} />
          <PasswordInput label="Password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
          {login.isError && (
            <Alert color="red" icon={<IconAlertTriangle size={18} />} role="alert">{messageOf(login.error)}</Alert>
          )}
          <Button type="submit" size="md" loading={login.isPending} fullWidth>Sign in</Button>
        </Stack>
      </form>
    </DoorFrame>
  );
}
