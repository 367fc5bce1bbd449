import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/api.ts';
import type { Session } from '../../api/equipment-session.ts';
import { boundWords } from '../../api/equipment-session.ts';
import type { Loan } from '../../api/loan.ts';
import { fullName } from '../../api/person.ts';
import type { Visit } from '../../api/visit.ts';
import { announceDone, announceError } from '../../shell/announce-change.tsx';
import type { VenueTime } from '../../venue/venue-time.ts';
import { useVenueTime } from '../../venue/venue-context.tsx';
import type { DeskAction } from './likely-actions.ts';
import type { DeskPerson } from './use-desk-person.ts';

type ImmediateAction = Exclude<DeskAction, { kind: 'start_session' }>;

/** Carries out what the desk offers, says what was done, and offers to take it back where that is possible. */
export function useDeskAction(location: string) {
  const queries = useQueryClient();
  const time = useVenueTime();
  return useMutation({
    mutationFn: ({ action, of }: { readonly action: ImmediateAction; readonly of: DeskPerson }) => carryOut(action, of, location, time),
    onError: announceError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['desk'] }),
  });
}

async function carryOut(action: ImmediateAction, { person, visit }: DeskPerson, location: string, time: VenueTime): Promise<void> {
  const name = fullName(person);
  switch (action.kind) {
    case 'check_in': {
      const made = await api.post<Visit>('/api/visits', { studentId: person.id, location });
      announceDone(`${name}: checked in ${time.time(made.checkedInAt)}`, () => api.post(`/api/visits/${made.id}/checkout`));
      return;
    }
    case 'check_out': {
      await api.post(`/api/visits/${visit!.id}/checkout`);
      announceDone(`${name}: checked out`, () => api.post('/api/visits', { studentId: person.id, location: visit!.location }));
      return;
    }
    case 'hand_over': {
      const loan = await api.post<Loan>('/api/loans', { bookId: action.bookId, studentId: person.id });
      announceDone(`“${action.title}” lent until ${time.day(loan.dueAt)}`, () => api.post(`/api/loans/${loan.id}/return`));
      return;
    }
    case 'extend': {
      const session = await api.post<Session>(`/api/sessions/${action.sessionId}/extend`);
      announceDone(`${action.name}: ${boundWords(session.bound)}${session.endsAt ? `, until ${time.time(session.endsAt)}` : ''}`);
      return;
    }
    case 'end_session': {
      await api.post(`/api/sessions/${action.sessionId}/end`);
      announceDone(`${action.name}: ended`);
      return;
    }
    case 'renew': {
      const results = await Promise.allSettled(action.loanIds.map((id) => api.post<Loan>(`/api/loans/${id}/renew`)));
      const renewed = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      if (renewed.length > 0) announceDone(`Renewed: ${renewed.map(({ title, dueAt }) => `“${title}” until ${time.day(dueAt)}`).join(', ')}`);
      for (const result of results) if (result.status === 'rejected') announceError(result.reason);
    }
  }
}
