import type { Dashboard, Metrics } from '@clms/protocol';
import type { Db } from '../store/open-store.ts';
import { alertsOf, type Situation } from './alerts.ts';
import { instantAt, localDate, MINUTE_MS, toInstant, toMs } from './instant.ts';
import { insideByLocation } from './locations.ts';
import type { Venue } from './venue.ts';

/** A session is "about to end" from its first warning on. */
const ENDING_SOON_MS = 10 * MINUTE_MS;

/**
 * The dashboard as it is at `now`: one function of the committed state for `GET /api/dashboard`, for snapshots and for events, so that no two
 * places can say different numbers [DSH1]. Equal states give equal answers but for `timestamp`.
 */
export async function computeDashboard(db: Db, venue: Venue, now: number): Promise<Dashboard> {
  const at = toInstant(now);
  const inside = await insideByLocation(db);
  const soon = toInstant(now + ENDING_SOON_MS);
  const counted = await db
    .selectNoFrom((eb) => {
      const sessions = () => eb.selectFrom('equipmentSessions').where('status', '=', 'ACTIVE');
      const loans = () => eb.selectFrom('loans').where('returnedAt', 'is', null).where('lost', '=', 0);
      return [
        sessions().select(eb.fn.countAll().as('n')).as('activeSessions'),
        sessions().select((inner) => inner.fn.count('equipmentId').distinct().as('n')).as('equipmentInUse'),
        sessions().where('endsAt', '<=', soon).select(eb.fn.countAll().as('n')).as('endingSoon'),
        loans().select(eb.fn.countAll().as('n')).as('booksBorrowed'),
        loans().where('dueAt', '<', at).select(eb.fn.countAll().as('n')).as('overdueItems'),
        eb.selectFrom('visits').where('localDate', '=', localDate(now, venue.settings.timezone)).select(eb.fn.countAll().as('n')).as('visitsToday'),
        eb.selectFrom('waitingList').where('status', 'in', ['WAITING', 'CLAIMED']).select(eb.fn.countAll().as('n')).as('waiting'),
        eb.selectFrom('notices').where('requiresAck', '=', 1).where('acknowledgedAt', 'is', null).where((notice) => notice.or([notice('expiresAt', 'is', null), notice('expiresAt', '>', at)])).select(eb.fn.countAll().as('n')).as('unacknowledged'),
        eb.selectFrom('emergencies').where('clearedAt', 'is', null).select(eb.fn.countAll().as('n')).as('emergencies'),
        eb.selectFrom('scanExceptions').where('resolvedAt', 'is', null).select(eb.fn.countAll().as('n')).as('scanExceptions'),
        eb.selectFrom('equipment').where('status', '!=', 'AVAILABLE').select(eb.fn.countAll().as('n')).as('outOfUse'),
      ];
    })
    .executeTakeFirstOrThrow();
  const occupancy = [...inside.values()].reduce((sum, count) => sum + count, 0);
  const metrics: Metrics = {
    // Whoever is inside counts, pupils and personnel alike: it is the same set as `occupancy`.
    totalStudents: occupancy,
    activeSessions: Number(counted.activeSessions),
    equipmentInUse: Number(counted.equipmentInUse),
    booksBorrowed: Number(counted.booksBorrowed),
    overdueItems: Number(counted.overdueItems),
    occupancy,
    capacity: venue.settings.locations.reduce((sum, location) => sum + location.capacity, 0),
    visitsToday: Number(counted.visitsToday),
    waiting: Number(counted.waiting),
  };
  const situation: Situation = {
    locations: venue.settings.locations.map(({ name, capacity }) => ({ name, capacity, inside: inside.get(name) ?? 0 })),
    capacityWarningPercent: venue.policies.attendance.capacityWarningPercent,
    endingSoon: Number(counted.endingSoon),
    overdueItems: metrics.overdueItems,
    unacknowledged: Number(counted.unacknowledged),
    emergencies: Number(counted.emergencies),
    scanExceptions: Number(counted.scanExceptions),
    outOfUse: Number(counted.outOfUse),
  };
  return { metrics, alerts: alertsOf(situation), timestamp: at };
}

/** The next instant after `now` at which the dashboard changes though nobody does anything: a loan falls due, a session comes near its end, a notice expires, midnight. */
export async function nextDashboardChangeAt(db: Db, venue: Venue, now: number): Promise<number> {
  const zone = venue.settings.timezone;
  const at = toInstant(now);
  const next = await db
    .selectNoFrom((eb) => [
      eb.selectFrom('loans').select(({ fn }) => fn.min('dueAt').as('at')).where('returnedAt', 'is', null).where('lost', '=', 0).where('dueAt', '>=', at).as('due'),
      eb.selectFrom('equipmentSessions').select(({ fn }) => fn.min('endsAt').as('at')).where('status', '=', 'ACTIVE').where('endsAt', '>', toInstant(now + ENDING_SOON_MS)).as('ends'),
      eb.selectFrom('notices').select(({ fn }) => fn.min('expiresAt').as('at')).where('requiresAck', '=', 1).where('acknowledgedAt', 'is', null).where('expiresAt', '>', at).as('expires'),
    ])
    .executeTakeFirstOrThrow();
  const midnight = instantAt(localDate(now, zone), '24:00', zone);
  // Overdue begins the millisecond after the due instant.
  return Math.min(midnight, shifted(next.due, 1), shifted(next.ends, -ENDING_SOON_MS), shifted(next.expires, 0));
}

const shifted = (instant: string | null, byMs: number): number => (instant === null ? Infinity : toMs(instant) + byMs);
