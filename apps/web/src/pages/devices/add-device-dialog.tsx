import { Button, Group, Modal, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import type { Device, DeviceWithCode } from '../../api/device.ts';
import { useServerNow } from '../../live/use-server-now.ts';
import { FormProblem } from '../../shell/form-problem.tsx';
import { useVenue, useVenueTime } from '../../venue/venue-context.tsx';
import { minutesLeft } from '../../venue/venue-time.ts';
import classes from './add-device-dialog.module.css';

/** Adds a kiosk or a display and shows its code, which is shown only here. */
export function AddDeviceDialog({ known, onClose }: { readonly known: readonly Device[]; readonly onClose: () => void }): ReactNode {
  const queries = useQueryClient();
  const { locations } = useVenue();
  const [form, setForm] = useState({ name: '', role: 'KIOSK' as 'KIOSK' | 'DISPLAY', station: '', location: locations[0]?.name ?? '' });
  const set = (change: Partial<typeof form>) => setForm((before) => ({ ...before, ...change }));
  const add = useMutation({
    mutationFn: () => api.post<DeviceWithCode>('/api/devices', { name: form.name.trim(), role: form.role, location: form.location, ...(form.station.trim() !== '' && { station: form.station.trim() }) }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['devices'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={add.data ? add.data.name : 'Add a device'} closeOnClickOutside={!add.data}>
      {add.data ? <PairingCode device={add.data} isPaired={known.some(({ id, state }) => id === add.data.id && state === 'PAIRED')} onClose={onClose} /> : (
        <form onSubmit={submit}>
          <Stack>
            <SegmentedControl data={[{ value: 'KIOSK', label: 'Kiosk at a door' }, { value: 'DISPLAY', label: 'Display on a wall' }]} value={form.role} onChange={(role) => set({ role: role as 'KIOSK' | 'DISPLAY' })} />
            <TextInput label="Name" placeholder={form.role === 'KIOSK' ? 'Kiosk at the main door' : 'Display over the desk'} required data-autofocus maxLength={80} value={form.name} onChange={(event) => set({ name: event.currentTarget.value })} />
            <Select label="Location" description="Cards scanned here check in there" data={locations.map(({ name }) => name)} allowDeselect={false} value={form.location} onChange={(location) => location && set({ location })} />
            <TextInput label="Station" description="Short name that scans and notices carry; empty = the name" maxLength={100} value={form.station} onChange={(event) => set({ station: event.currentTarget.value })} />
            <FormProblem error={add.error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>Cancel</Button>
              <Button type="submit" loading={add.isPending}>Get the code</Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

function PairingCode({ device, isPaired, onClose }: { readonly device: DeviceWithCode; readonly isPaired: boolean; readonly onClose: () => void }): ReactNode {
  const time = useVenueTime();
  const now = useServerNow();
  const left = minutesLeft(device.codeExpiresAt, now);
  return (
    <Stack align="center">
      <Text ta="center">Open <b>{window.location.origin}{device.role === 'KIOSK' ? '/kiosk' : '/display'}</b> on the device and type:</Text>
      <output className={classes.code}>{device.code}</output>
      {isPaired ? <Text fw={600} c="accent" role="status">Paired: {device.name} is at work.</Text> : <Text c="dimmed" size="sm">{left > 0 ? `Good until ${time.time(device.codeExpiresAt)} (in ${left} min), once.` : 'Not good any more. Revoke this device and add it again.'}</Text>}
      <Button onClick={onClose}>Done</Button>
    </Stack>
  );
}
