import type { Equipment } from '@clms/protocol';
import { Autocomplete, Button, Group, Modal, NumberInput, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { fieldErrors } from '../../api/field-errors.ts';
import { AlsoEditing } from '../../live/also-editing.tsx';
import { announceDone } from '../../shell/announce-change.tsx';
import { TYPE_NAMES, typeCode, typeName } from '../../stations/station-type.ts';
import { useVenue } from '../../venue/venue-context.tsx';
import { FormProblem } from '../../shell/form-problem.tsx';
import { PageLoading } from '../../shell/page-loading.tsx';

interface EquipmentDetail extends Equipment {
  readonly barcode: string | null;
  readonly maxMinutes: number | null;
}

type Status = 'AVAILABLE' | 'MAINTENANCE' | 'OUT_OF_ORDER';
const STATUSES = [
  { value: 'AVAILABLE', label: 'In service' },
  { value: 'MAINTENANCE', label: 'Maintenance' },
  { value: 'OUT_OF_ORDER', label: 'Out of order' },
];

/** Adds an item, or changes one. Taking it out of service ends what runs on it, and says so first. */
export function EquipmentDialog({ item, onClose }: { readonly item: Equipment | undefined; readonly onClose: () => void }): ReactNode {
  const detail = useQuery({ queryKey: ['equipment', item?.id], queryFn: () => api.get<EquipmentDetail>(`/api/equipment/${item!.id}`), enabled: item !== undefined, staleTime: 0 });
  return (
    <Modal opened onClose={onClose} title={item?.name ?? 'Add equipment'} size="lg">
      <AlsoEditing name={item?.name} />
      {item && !detail.data ? <PageLoading /> : <EquipmentForm known={detail.data} onClose={onClose} />}
    </Modal>
  );
}

function EquipmentForm({ known, onClose }: { readonly known: EquipmentDetail | undefined; readonly onClose: () => void }): ReactNode {
  const { locations } = useVenue();
  const [form, setForm] = useState({
    name: known?.name ?? '',
    type: typeName(known?.type ?? 'COMPUTER'),
    location: known?.location ?? locations[0]?.name ?? '',
    seats: known?.seats ?? 1,
    barcode: known?.barcode ?? '',
    maxMinutes: known?.maxMinutes ?? ('' as number | ''),
    status: (known?.status === 'IN_USE' ? 'AVAILABLE' : (known?.status ?? 'AVAILABLE')) as Status,
    reason: known?.statusReason ?? '',
  });
  const set = (change: Partial<typeof form>) => setForm((before) => ({ ...before, ...change }));
  const stops = form.status !== 'AVAILABLE';
  const save = useMutation({
    mutationFn: () => {
      const { reason, barcode, maxMinutes, type, ...fields } = form;
      const body = { ...fields, type: typeCode(type), barcode: barcode.trim() === '' ? null : barcode.trim(), maxMinutes: maxMinutes === '' ? null : maxMinutes, ...(stops && reason.trim() !== '' && { reason: reason.trim() }) };
      return known ? api.patch(`/api/equipment/${known.id}`, body, { ifMatch: known.version }) : api.post('/api/equipment', body);
    },
    onSuccess: () => {
      announceDone(`${form.name} saved`);
      onClose();
    },
  });
  const wrong = fieldErrors(save.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput label="Name" required data-autofocus maxLength={80} error={wrong['name']} value={form.name} onChange={(event) => set({ name: event.currentTarget.value })} />
          <Autocomplete label="Type" required maxLength={40} data={TYPE_NAMES} error={wrong['type']} value={form.type} onChange={(type) => set({ type })} />
          <Select label="Location" required allowDeselect={false} data={locations.map(({ name }) => name)} value={form.location} onChange={(location) => location && set({ location })} />
          <NumberInput label="Seats" description="A room holds several people" min={1} max={500} allowDecimal={false} error={wrong['seats']} value={form.seats} onChange={(seats) => set({ seats: typeof seats === 'number' ? seats : 1 })} />
          <TextInput label="Barcode" description="Of its label; may stay empty" maxLength={64} error={wrong['barcode']} value={form.barcode} onChange={(event) => set({ barcode: event.currentTarget.value })} />
          <NumberInput label="Longest session" description="Minutes; empty = by grade only" min={1} max={1440} allowDecimal={false} error={wrong['maxMinutes']} value={form.maxMinutes} onChange={(value) => set({ maxMinutes: typeof value === 'number' ? value : '' })} />
          <Select label="State" allowDeselect={false} data={STATUSES} value={form.status} onChange={(status) => status && set({ status: status as Status })} />
          {stops && <TextInput label="Reason" description={known && known.sessions.length > 0 ? 'Ends the running session, with this reason' : 'Shown on the board'} maxLength={200} error={wrong['reason']} value={form.reason} onChange={(event) => set({ reason: event.currentTarget.value })} />}
        </SimpleGrid>
        <FormProblem error={save.error} fields={['name', 'type', 'barcode', 'seats', 'maxMinutes', 'reason']} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" loading={save.isPending}>Save</Button>
        </Group>
      </Stack>
    </form>
  );
}
