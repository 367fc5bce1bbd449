import { useTopic } from '@clms/client/react';
import { useServerNow } from './use-server-now.ts';

export interface Announcement {
  readonly id: string;
  readonly message: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** An announcement is news for so long. */
const SHOWN_MS = 30 * 60_000;

/** What was announced to everybody in the last half hour, newest first. */
export function useAnnouncements(): readonly Announcement[] {
  const { state } = useTopic('inbox');
  const now = useServerNow(10_000);
  return state.flatMap(({ id, type, timestamp, data }) => {
    const at = Date.parse(timestamp);
    const message = (data as { message?: unknown } | null)?.message;
    return type === 'system_announcement' && typeof message === 'string' && now - at < SHOWN_MS ? [{ id, message, at }] : [];
  });
}
