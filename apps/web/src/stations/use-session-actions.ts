import { useMutation } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { boundWords, type Session } from '../api/equipment-session.ts';
import { announceDone, announceError } from '../shell/announce-change.tsx';
import { useVenueTime } from '../venue/venue-context.tsx';

export interface SessionOf {
  readonly sessionId: string;
  /** Name of the station, for the message. */
  readonly station: string;
}

/** Extends and ends sessions from wherever they are shown. */
export function useSessionActions() {
  const time = useVenueTime();
  const extend = useMutation({
    mutationFn: ({ sessionId }: SessionOf) => api.post<Session>(`/api/sessions/${sessionId}/extend`),
    onSuccess: (session, { station }) => announceDone(`${station}: +${boundWords(session.bound)}${session.endsAt ? `, until ${time.time(session.endsAt)}` : ''}`),
    onError: announceError,
  });
  const end = useMutation({
    mutationFn: ({ sessionId }: SessionOf) => api.post<Session>(`/api/sessions/${sessionId}/end`),
    onSuccess: (session, { station }) =>
      announceDone(`${station}: session ended`, session.studentId === null ? undefined : () => api.post(`/api/equipment/${session.equipmentId}/sessions`, { studentId: session.studentId })),
    onError: announceError,
  });
  return { extend, end };
}
