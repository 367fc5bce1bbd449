import type { Action } from '@clms/client/journal';
import type { EmergencyAlert } from '@clms/protocol';
import type { RollCallEntry } from './roll-call-entries.ts';

/** Ticks are sent in a row of their own: a scan that waits does not hold them up. */
export const TICK_LANE = 'roll-call';

export type TickState = 'SAFE' | 'MISSING';

/** A tick of this computer. */
export interface Tick {
  readonly id: string;
  readonly emergencyId: string;
  readonly personId: string;
  readonly state: TickState;
  /** `refused` = it came after the all-clear, or too late to be sent at all. */
  readonly fate: 'kept' | 'taken' | 'refused';
}

export const tickPath = (emergencyId: string, personId: string): string => `/api/emergencies/${emergencyId}/roll-call/${personId}`;

/** Reads the ticks out of the journal, oldest first. */
export function ticksOf(actions: readonly Action[]): readonly Tick[] {
  return actions.flatMap(({ id, workstation, path, body, progress }) => {
    const [, emergencyId, personId] = /^\/api\/emergencies\/([^/]+)\/roll-call\/([^/]+)$/.exec(path) ?? [];
    if (workstation !== TICK_LANE || emergencyId === undefined || personId === undefined) return [];
    const fate = progress.state === 'kept' ? 'kept' : progress.outcome.kind === 'applied' || progress.outcome.kind === 'duplicate' ? 'taken' : 'refused';
    return [{ id, emergencyId, personId, state: body?.['state'] as TickState, fate }];
  });
}

/** The roll-call as this warden left it: ticks that are still on their way count here already. */
export function withKeptTicks(alert: EmergencyAlert, ticks: readonly Tick[]): { readonly entries: readonly RollCallEntry[]; readonly counts: EmergencyAlert['counts']; readonly kept: ReadonlySet<string> } {
  const own = new Map(ticks.filter(({ emergencyId, fate }) => emergencyId === alert.id && fate === 'kept').map(({ personId, state }) => [personId, state]));
  const entries = (alert.rollCall ?? []).map((entry) => ({ ...entry, state: own.get(entry.personId) ?? entry.state }));
  const count = (state: RollCallEntry['state']) => entries.filter((entry) => entry.state === state).length;
  const counts = alert.counts && { ...alert.counts, safe: count('SAFE'), missing: count('MISSING'), unaccounted: count('UNACCOUNTED') };
  return { entries, counts: own.size === 0 ? alert.counts : counts, kept: new Set(own.keys()) };
}
