import { MINUTE_MS, toMs } from './instant.ts';

/** Minutes before the end at which everybody at the desk is told [EQP3]. */
const WARNING_MINUTES = [10, 5, 1] as const;

/** Of a running session: `warnedMinutes` is the smallest warning that was given or is past since its end last moved. */
export interface Deadlines {
  readonly startedAt: string;
  readonly endsAt: string | null;
  readonly warnedMinutes: number | null;
}

/** When the session next needs something: a warning or its end, in epoch milliseconds; undefined = never. */
export function nextDeadline(session: Deadlines): number | undefined {
  if (session.endsAt === null) return undefined;
  const endsMs = toMs(session.endsAt);
  const [first] = warningsAhead(session, endsMs);
  return first === undefined ? endsMs : endsMs - first * MINUTE_MS;
}

/**
 * The warning that is due now, if any. Of several that were missed together (the server was down) only the last: the others would say what is
 * not true any more.
 */
export function dueWarning(session: Deadlines, now: number): number | undefined {
  if (session.endsAt === null) return undefined;
  const endsMs = toMs(session.endsAt);
  return now >= endsMs ? undefined : warningsAhead(session, endsMs).findLast((minutes) => now >= endsMs - minutes * MINUTE_MS);
}

/** `warnedMinutes` for a session whose end has just been moved to `endsMs`: warnings that would lie in the past are taken as given. */
export function passedWarning(endsMs: number, now: number): number | null {
  return WARNING_MINUTES.findLast((minutes) => endsMs - now <= minutes * MINUTE_MS) ?? null;
}

/** A session of less than ten minutes gets only the warnings that lie after its start. */
function warningsAhead({ startedAt, warnedMinutes }: Deadlines, endsMs: number): number[] {
  return WARNING_MINUTES.filter((minutes) => minutes < (warnedMinutes ?? Infinity) && endsMs - minutes * MINUTE_MS > toMs(startedAt));
}
