import type { Equipment } from '@clms/protocol';
import { useTopic } from '@clms/client/react';
import { Alert, Button, Group, Modal, NumberInput, Select, Stack, Text } from '@mantine/core';
import { IconClock } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { api } from '../api/api.ts';
import { messageOf } from '../api/api-error.ts';
import { boundWords, type Session, type SessionBound } from '../api/equipment-session.ts';
import { fullName, type Person } from '../api/person.ts';
import { useServerNow } from '../live/use-server-now.ts';
import { PersonPicker } from '../people/person-picker.tsx';
import { announceDone } from '../shell/announce-change.tsx';
import { useVenueTime } from '../venue/venue-context.tsx';

export interface StartSessionDialogProps {
  /** What is known already; the other is asked for. */
  readonly person?: Person | undefined;
  readonly equipmentId?: string | undefined;
  readonly onClose: () => void;
}

const MINUTE_MS = 60_000;
const isFree = (item: Equipment) => item.status === 'AVAILABLE' && item.sessions.length < item.seats;

/** Starts a session. Shows how long it may last and what decides that before anything is saved. */
export function StartSessionDialog({ person: givenPerson, equipmentId: givenId, onClose }: StartSessionDialogProps): ReactNode {
  const { state: equipment } = useTopic('equipment');
  const time = useVenueTime();
  const now = useServerNow(10_000);
  const free = [...equipment.values()].filter(isFree).toSorted((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  const [person, setPerson] = useState<Person | null>(givenPerson ?? null);
  const [equipmentId, setEquipmentId] = useState<string | null>(givenId ?? null);
  const [minutes, setMinutes] = useState<number | ''>('');
  const bound = useQuery({
    queryKey: ['bound', equipmentId, person?.id],
    queryFn: () => api.get<SessionBound>(`/api/equipment/${equipmentId}/bound`, { studentId: person!.id }),
    enabled: equipmentId !== null && person !== null,
    refetchInterval: 30_000,
    staleTime: 0,
  });
  const start = useMutation({
    mutationFn: () => api.post<Session>(`/api/equipment/${equipmentId}/sessions`, { studentId: person!.id, ...(minutes !== '' && { minutes }) }),
    onSuccess: (session) => {
      const name = equipment.get(session.equipmentId)?.name ?? 'Station';
      announceDone(`${name}: ${fullName(person!)}${session.endsAt ? ` until ${time.time(session.endsAt)}` : ''}`, () => api.post(`/api/sessions/${session.id}/end`, { reason: 'Started by mistake' }));
      onClose();
    },
  });
  const most = bound.data?.minutes;
  const granted = most === undefined ? undefined : Math.min(most, minutes === '' ? most : minutes);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={givenId ? `Start ${equipment.get(givenId)?.name ?? 'a session'}` : `Start a station for ${person ? fullName(person) : 'somebody'}`}>
      <form onSubmit={submit}>
        <Stack>
          {!givenPerson && <PersonPicker label="Who" value={person} onChange={setPerson} autoFocus />}
          {!givenId && (
            <Select
              label="Station"
              data-autofocus
              data={free.map(({ id, name, location }) => ({ value: id, label: `${name} · ${location}` }))}
              value={equipmentId}
              onChange={setEquipmentId}
              searchable
              nothingFoundMessage="None is free"
              placeholder={free.length === 0 ? 'None is free: put them on the waiting list' : 'Choose a free one'}
            />
          )}
          <NumberInput label="Minutes" description="Empty = as long as the rules allow" min={1} max={most ?? 1440} clampBehavior="strict" allowDecimal={false} value={minutes} onChange={(value) => setMinutes(typeof value === 'number' ? value : '')} />
          {bound.data && (
            <Alert color={bound.data.minutes === 0 ? 'red' : 'accent'} icon={<IconClock size={18} />}>
              <Text size="sm" fw={600}>{boundWords(bound.data)}</Text>
              {granted !== undefined && granted > 0 && <Text size="sm">Would end at {time.time(now + granted * MINUTE_MS)}</Text>}
            </Alert>
          )}
          {(bound.isError || start.isError) && <Alert color="red" role="alert">{messageOf(start.error ?? bound.error)}</Alert>}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" loading={start.isPending} disabled={!person || !equipmentId || most === 0}>Start</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
