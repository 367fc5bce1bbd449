import { ActionIcon, Alert, Button, Modal, PasswordInput, Stack, TextInput } from '@mantine/core';
import { IconLock, IconVolume, IconVolumeOff } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { messageOf } from '../../api/api-error.ts';
import type { DeviceSession } from '../../device/device-session.ts';
import { session as staffSession } from '../../session/session-store.ts';
import { isMuted, playErrorSound, setMuted } from './error-sound.ts';

/** Sound on or off, and the way out of the kiosk for staff, who have to sign in for it. */
export function KioskCorner({ session }: { readonly session: DeviceSession }): ReactNode {
  const [muted, setMutedState] = useState(isMuted);
  const [leaving, setLeaving] = useState(false);
  const toggle = () => {
    setMuted(!muted);
    setMutedState(!muted);
    if (muted) playErrorSound();
  };
  return (
    <>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={muted ? 'Sound is off' : 'Sound is on'} onClick={toggle}>
        {muted ? <IconVolumeOff size={20} /> : <IconVolume size={20} />}
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label="For staff" onClick={() => setLeaving(true)}>
        <IconLock size={20} />
      </ActionIcon>
      {leaving && <LeaveKiosk session={session} onClose={() => setLeaving(false)} />}
    </>
  );
}

function LeaveKiosk({ session, onClose }: { readonly session: DeviceSession; readonly onClose: () => void }): ReactNode {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [unpair, setUnpair] = useState(false);
  const leave = useMutation({
    mutationFn: () => staffSession.login(username.trim(), password),
    onSuccess: () => {
      if (unpair) session.forget();
      window.location.assign('/');
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    leave.mutate();
  };
  return (
    <Modal opened onClose={onClose} title="Leave the kiosk">
      <form onSubmit={submit}>
        <Stack>
          <TextInput label="Username" data-autofocus required autoComplete="off" value={username} onChange={(event) => setUsername(event.currentTarget.value)} />
          <PasswordInput label="Password" required autoComplete="off" value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
          {leave.isError && <Alert color="red" role="alert">{messageOf(leave.error)}</Alert>}
          <Button type="submit" loading={leave.isPending && !unpair} onClick={() => setUnpair(false)}>Sign in and leave</Button>
          <Button type="submit" variant="default" loading={leave.isPending && unpair} onClick={() => setUnpair(true)}>Sign in and unpair this computer</Button>
        </Stack>
      </form>
    </Modal>
  );
}
