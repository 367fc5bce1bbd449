import type { Equipment } from '@clms/protocol';
import { useTopic } from '@clms/client/react';
import { useQuery, useQueryClient, keepPreviousData } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../../api/api.ts';
import type { Hold, Loan } from '../../api/loan.ts';
import type { Person } from '../../api/person.ts';
import type { Visit } from '../../api/visit.ts';

/** What the server tells of a person; the running session is taken from the live board. */
type DeskCard = Omit<DeskPerson, 'running'>;

/** Everything the desk knows of the person in front of it. */
export interface DeskPerson {
  readonly person: Person;
  readonly visit: Visit | null;
  readonly running: { readonly item: Equipment; readonly session: Equipment['sessions'][number] } | undefined;
  readonly loans: readonly Loan[];
  readonly holds: readonly Hold[];
}

/** The person, kept up to date by what happens anywhere in the library. Undefined while loading. */
export function useDeskPerson(personId: string | undefined): { readonly deskPerson: DeskPerson | undefined; readonly error: Error | null } {
  const queries = useQueryClient();
  const { data, error } = useQuery({
    queryKey: ['desk', personId],
    enabled: personId !== undefined,
    placeholderData: keepPreviousData,
    queryFn: () => api.get<DeskCard>(`/api/students/${personId}/card`),
  });
  const { state: activities } = useTopic('activities');
  const newest = activities.find(({ studentId }) => studentId === personId)?.id;
  useEffect(() => {
    if (personId !== undefined) void queries.invalidateQueries({ queryKey: ['desk', personId] });
  }, [queries, personId, newest]);

  const { state: equipment } = useTopic('equipment');
  if (!data || personId === undefined) return { deskPerson: undefined, error };
  return { deskPerson: { ...data, running: runningOf(equipment, data.person.id) }, error };
}

function runningOf(equipment: ReadonlyMap<string, Equipment>, personId: string): DeskPerson['running'] {
  for (const item of equipment.values()) {
    const session = item.sessions.find(({ studentId }) => studentId === personId);
    if (session) return { item, session };
  }
  return undefined;
}
