import { MINUTE_MS } from './instant.ts';

export const BOUND_REASONS = ['CATEGORY', 'ITEM', 'DAILY', 'RESERVATION', 'CLOSING', 'EXTENSION'] as const;
type BoundReason = (typeof BOUND_REASONS)[number];

/** How long a session may last, in whole minutes, and what decides it. 0 = not at all. */
export interface SessionBound {
  readonly minutes: number;
  readonly reason: BoundReason;
}

/** Everything that bounds a session, as of one moment. Instants and durations in milliseconds. */
export interface SessionBounds {
  readonly now: number;
  /** null = this patron category has no limit. */
  readonly categoryMinutes: number | null;
  readonly itemMinutes: number | null;
  /** What is left of the person's minutes of this local date. */
  readonly dailyLeftMs: number;
  /** From when on the item is promised to somebody else. */
  readonly reservedAt?: number | undefined;
  readonly closesAt?: number | undefined;
}

/** An item must be free this long before the one it is promised to comes. */
const RESERVATION_MARGIN_MS = 2 * MINUTE_MS;

/** [EQP2] The limit of a session that starts now: the smallest of all bounds. Of equal ones the first named decides. */
export function startBound(bounds: SessionBounds): SessionBound {
  const { now, categoryMinutes, itemMinutes, dailyLeftMs, reservedAt, closesAt } = bounds;
  return smallest([
    ['CATEGORY', categoryMinutes === null ? undefined : categoryMinutes * MINUTE_MS],
    ['ITEM', itemMinutes === null ? undefined : itemMinutes * MINUTE_MS],
    ['DAILY', dailyLeftMs],
    ['RESERVATION', reservedAt === undefined ? undefined : reservedAt - RESERVATION_MARGIN_MS - now],
    ['CLOSING', closesAt === undefined ? undefined : closesAt - now],
  ]);
}

/**
 * [EQP4] What can be added to a running session: the step of the policy, beyond the category's limit but within all others. `now` is ignored in
 * favour of the session's own times; `dailyLeftMs` is what is left once the session has run to its present end.
 */
export function extensionBound(session: { startedAt: number; endsAt: number }, bounds: Omit<SessionBounds, 'categoryMinutes' | 'now'>, stepMinutes: number): SessionBound {
  const { itemMinutes, dailyLeftMs, reservedAt, closesAt } = bounds;
  return smallest([
    ['EXTENSION', stepMinutes * MINUTE_MS],
    ['ITEM', itemMinutes === null ? undefined : session.startedAt + itemMinutes * MINUTE_MS - session.endsAt],
    ['DAILY', dailyLeftMs],
    ['RESERVATION', reservedAt === undefined ? undefined : reservedAt - RESERVATION_MARGIN_MS - session.endsAt],
    ['CLOSING', closesAt === undefined ? undefined : closesAt - session.endsAt],
  ]);
}

function smallest(bounds: readonly (readonly [BoundReason, number | undefined])[]): SessionBound {
  let least: { reason: BoundReason; ms: number } | undefined;
  for (const [reason, ms] of bounds) {
    if (ms !== undefined && (!least || ms < least.ms)) least = { reason, ms };
  }
  if (!least) throw new Error('a session without any bound'); // the daily bound is always there
  return { minutes: Math.max(0, Math.floor(least.ms / MINUTE_MS)), reason: least.reason };
}
