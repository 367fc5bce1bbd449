import { ManualClock } from '@clms/realtime/manual-clock';
import type { NewEvent } from '@clms/realtime';
import type { Actor } from '../src/domain/actor.ts';
import type { Unit } from '../src/domain/unit.ts';
import { UnitRunner } from '../src/domain/unit-runner.ts';
import { defaultSettings, type Calendar, type Policies, type Settings } from '../src/domain/venue.ts';
import { saveVenuePart } from '../src/domain/venue-store.ts';
import { openStore } from '../src/store/open-store.ts';

export const ANA: Actor = { kind: 'user', id: 'user_ana', name: 'Ana', role: 'LIBRARIAN', sessionId: 'session_ana' };
export const KIOSK: Actor = { kind: 'device', id: 'device_door', name: 'Door', role: 'KIOSK', station: 'door', location: 'Main Library' };

export interface Desk {
  readonly runner: UnitRunner;
  readonly clock: ManualClock;
  /** Everything published since the start, in order of commit. */
  readonly events: NewEvent[];
  run<T>(work: (unit: Unit) => Promise<T>, actor?: Actor): Promise<T>;
  close(): Promise<void>;
}

/** A library in memory with a clock of its own: Tuesday 14 October 2025, 10:30 in Manila, unless told otherwise. */
export async function openDesk(options: { at?: string; timezone?: string; settings?: Partial<Settings>; policies?: Policies; calendar?: Calendar; url?: string } = {}): Promise<Desk> {
  const clock = new ManualClock(Date.parse(options.at ?? '2025-10-14T02:30:00.000Z'));
  const store = await openStore(options.url ?? 'memory:');
  const at = new Date(clock.now()).toISOString();
  await saveVenuePart(store.db, 'venue', { ...defaultSettings(options.timezone ?? 'Asia/Manila', 'en'), ...options.settings }, 1, at);
  if (options.policies) await saveVenuePart(store.db, 'policies', options.policies, 1, at);
  if (options.calendar) await saveVenuePart(store.db, 'calendar', options.calendar, 1, at);
  const runner = await UnitRunner.open(store, clock);
  const events: NewEvent[] = [];
  runner.onCommit((committed) => events.push(...committed));
  return { runner, clock, events, run: (work, actor = ANA) => runner.run(actor, work), close: () => store.close() };
}
