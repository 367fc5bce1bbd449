import { Alert, Button, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent, type ReactNode } from 'react';
import { createApiClient } from '../../api/api-client.ts';
import { messageOf } from '../../api/api-error.ts';
import { session } from '../../session/session-store.ts';
import { DoorFrame } from '../login/door-frame.tsx';
import { FirstPeople } from './first-people.tsx';

const ZONES = Intl.supportedValuesOf('timeZone');
/** The only place that looks at the computer's zone: as a proposal, which the administrator sees and can change. */
const proposedZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
const openApi = createApiClient(() => Promise.resolve(null));

/** First start: the code that the server printed makes the first administrator. */
export default function SetupPage(): ReactNode {
  const navigate = useNavigate();
  const [form, setForm] = useState({ code: '', username: '', password: '', venueName: '', timezone: proposedZone() });
  const set = (field: keyof typeof form) => (value: string) => setForm((before) => ({ ...before, [field]: value }));
  const setup = useMutation({
    mutationFn: async () => {
      await openApi.post('/api/setup', { ...form, code: form.code.trim().toUpperCase(), username: form.username.trim(), venueName: form.venueName.trim() });
      await session.login(form.username.trim(), form.password);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setup.mutate();
  };
  if (setup.isSuccess) {
    return (
      <DoorFrame title="Who comes to this library?" lead="The school’s own list, as a spreadsheet saved as CSV, or an export of OneRoster, Koha or Microsoft SDS.">
        <FirstPeople onDone={() => void navigate({ to: '/' })} />
      </DoorFrame>
    );
  }
  return (
    <DoorFrame title="Set up the library" lead="Once, on the computer that runs CLMS. The code stands in the window where it was started.">
      <form onSubmit={submit}>
        <Stack>
          <TextInput label="Setup code" placeholder="XXXX-XXXX" autoFocus required value={form.code} onChange={(event) => set('code')(event.currentTarget.value)} />
          <TextInput label="Name of the library" placeholder="Main Library" required maxLength={120} value={form.venueName} onChange={(event) => set('venueName')(event.currentTarget.value)} />
          <Select label="Time zone" description="All times and due dates follow it." data={ZONES.includes(form.timezone) ? ZONES : [form.timezone, ...ZONES]} searchable allowDeselect={false} value={form.timezone} onChange={(zone) => zone && set('timezone')(zone)} />
          <TextInput label="Your username" autoComplete="username" required maxLength={64} value={form.username} onChange={(event) => set('username')(event.currentTarget.value)} />
          <PasswordInput label="Your password" description="At least 8 characters; longer is better." autoComplete="new-password" required minLength={8} value={form.password} onChange={(event) => set('password')(event.currentTarget.value)} />
          {setup.isError && <Alert color="red" icon={<IconAlertTriangle size={18} />} role="alert">{messageOf(setup.error)}</Alert>}
          <Button type="submit" size="md" loading={setup.isPending} fullWidth>Start</Button>
        </Stack>
      </form>
    </DoorFrame>
  );
}
