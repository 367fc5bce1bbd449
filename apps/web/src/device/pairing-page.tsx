import { Alert, Button, Stack, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { messageOf } from '../api/api-error.ts';
import { DoorFrame } from '../pages/login/door-frame.tsx';
import type { DeviceSession } from './device-session.ts';

/** Asks once for the code that an administrator sees under Devices. */
export function PairingPage({ session }: { readonly session: DeviceSession }): ReactNode {
  const [code, setCode] = useState('');
  const kind = session.role === 'KIOSK' ? 'kiosk' : 'display';
  const pair = useMutation({
    mutationFn: () => session.pair(code),
    onSuccess: (device) => {
      if (device.role !== session.role) window.location.assign(device.role === 'KIOSK' ? '/kiosk' : '/display');
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    pair.mutate();
  };
  return (
    <DoorFrame title={`Pair this ${kind}`} lead={`An administrator adds a ${kind} under Devices and gets a short code. Type it here within ten minutes.`}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label="Code" size="lg" autoFocus required autoComplete="off" value={code} onChange={(event) => setCode(event.currentTarget.value)} styles={{ input: { textTransform: 'uppercase', letterSpacing: '0.1em' } }} />
          {pair.isError && <Alert color="red" icon={<IconAlertTriangle size={18} />} role="alert">{messageOf(pair.error)}</Alert>}
          <Button type="submit" size="md" loading={pair.isPending} fullWidth>Pair</Button>
        </Stack>
      </form>
    </DoorFrame>
  );
}
