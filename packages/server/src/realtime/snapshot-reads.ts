import { SERIES } from '@clms/protocol';
import type { Broker, PresenceState } from '@clms/realtime';
import { activitiesOf } from '../domain/activities.ts';
import { analyticsTotals } from '../domain/analytics-totals.ts';
import { recentChat } from '../domain/chat.ts';
import { activeEmergencies } from '../domain/emergency.ts';
import { equipmentBoard } from '../domain/equipment-view.ts';
import { toInstant } from '../domain/instant.ts';
import { computeDashboard } from '../domain/metrics.ts';
import { noticeEntity, noticesFor } from '../domain/notices.ts';
import type { UnitRunner } from '../domain/unit-runner.ts';
import type { SnapshotReads } from './topics.ts';

/** Entities of a snapshot at most, newest first. */
const MOST = { activities: 50, notices: 100, chat: 50, system: 50 } as const;

/** Where the snapshots of the library's topics come from: the database, and for the passing (presence, system) the engine. */
export function snapshotReads(runner: UnitRunner, broker: Broker, presence: () => readonly PresenceState[]): SnapshotReads {
  return {
    activities: async () => (await activitiesOf(runner.db, { limit: MOST.activities })).map(({ activity }) => activity),
    equipment: () => equipmentBoard(runner.db),
    notifications: async (reader) => (await noticesFor(runner.db, reader, toInstant(runner.now()), { limit: MOST.notices })).map(noticeEntity),
    dashboard: () => computeDashboard(runner.db, runner.venue, runner.now()),
    analytics: () => Promise.all(SERIES.map((series) => analyticsTotals(runner.db, runner.venue, runner.now(), series))),
    emergency: () => activeEmergencies(runner.db),
    chat: async (rooms) => ({ messages: await recentChat(runner.db, rooms, MOST.chat), presence: presence().map((state) => ({ ...state, timestamp: toInstant(runner.now()) })) }),
    system: async () => (await broker.recent('system', MOST.system)).map((event) => event.data).toReversed(),
  };
}
