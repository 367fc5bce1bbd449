import { useTopic } from '@clms/client/react';
import { ActionIcon, Button, Select, Text, Title } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import type { Page } from '../../api/api-client.ts';
import type { WaitingEntry } from '../../api/equipment-session.ts';
import { fullName, type Person } from '../../api/person.ts';
import { announceDone, announceError } from '../../shell/announce-change.tsx';
import { typeWords } from '../../stations/station-type.ts';
import { useVenueTime } from '../../venue/venue-context.tsx';
import classes from './equipment.module.css';

/** Who waits for what, first come first; and a place in line for the person in hand. */
export function WaitingListPanel({ types, inHand }: { readonly types: readonly string[]; readonly inHand: Person | null }): ReactNode {
  const queries = useQueryClient();
  const time = useVenueTime();
  const { state: equipment } = useTopic('equipment');
  const [type, setType] = useState<string | null>(null);
  const { data } = useQuery({ queryKey: ['waiting'], queryFn: () => api.get<Page<WaitingEntry>>('/api/equipment/queue?limit=500') });
  // Every change of the list changes an item's waiting number or claim.
  useEffect(() => void queries.invalidateQueries({ queryKey: ['waiting'] }), [queries, equipment]);
  const refresh = () => queries.invalidateQueries({ queryKey: ['waiting'] });
  const join = useMutation({
    mutationFn: (person: Person) => api.post<WaitingEntry>('/api/equipment/queue', { type: type ?? types[0], studentId: person.id }),
    onSuccess: (entry) => announceDone(`Number ${entry.number} for ${typeWords(entry.type).toLowerCase()}`, () => api.delete(`/api/equipment/queue/${entry.id}`)),
    onError: announceError,
    onSettled: refresh,
  });
  const leave = useMutation({
    mutationFn: (entry: WaitingEntry) => api.delete(`/api/equipment/queue/${entry.id}`),
    onSuccess: (_, entry) => announceDone(`Number ${entry.number} taken off the list`, () => api.post('/api/equipment/queue', { type: entry.type, studentId: entry.studentId })),
    onError: announceError,
    onSettled: refresh,
  });
  const entries = data?.items ?? [];
  return (
    <section className={classes.panel} aria-label="Waiting list">
      <Title order={2} mb="xs">Waiting</Title>
      {entries.length === 0 && <Text c="dimmed" size="sm">Nobody waits.</Text>}
      {entries.map((entry) => (
        <div key={entry.id} className={classes.entry}>
          <span className={classes.number}>{entry.number}</span>
          <div className={classes.entryName}>
            <div>{entry.studentName ?? 'Somebody'}</div>
            <Text c="dimmed" size="xs">
              {entry.status === 'CLAIMED' ? `${entry.equipmentId ? (equipment.get(entry.equipmentId)?.name ?? 'An item') : 'An item'} kept until ${entry.claimUntil ? time.time(entry.claimUntil) : 'called'}` : typeWords(entry.type)}
            </Text>
          </div>
          <ActionIcon variant="subtle" color="gray" aria-label={`Take number ${entry.number} off the list`} onClick={() => leave.mutate(entry)}><IconX size={16} /></ActionIcon>
        </div>
      ))}
      {inHand && types.length > 0 && (
        <>
          <Select label={`Put ${fullName(inHand)} on the list`} mt="sm" data={types.map((value) => ({ value, label: typeWords(value) }))} value={type ?? types[0] ?? null} onChange={setType} allowDeselect={false} />
          <Button mt="xs" fullWidth variant="default" loading={join.isPending} onClick={() => join.mutate(inHand)}>Give a number</Button>
        </>
      )}
    </section>
  );
}
