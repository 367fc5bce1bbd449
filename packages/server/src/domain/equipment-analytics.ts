import type { Db } from '../store/open-store.ts';
import { layOut, UNKNOWN, type Grouping } from './analytics-series.ts';
import type { Period } from './analytics-period.ts';
import { localHour, MINUTE_MS, toMs } from './instant.ts';
import type { Venue } from './venue.ts';
import type { Series } from './visit-analytics.ts';

export const EQUIPMENT_GROUPINGS = ['hour', 'day', 'week', 'gradeCategory', 'location', 'type', 'item'] as const satisfies readonly Grouping[];
type EquipmentGrouping = (typeof EQUIPMENT_GROUPINGS)[number];

interface Use {
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly localDate: string;
  readonly gradeCategory: string | null;
  readonly equipmentId: string;
  readonly location: string;
  readonly type: string;
}

/**
 * Equipment use in minutes, with the number of sessions and each group's share of all minutes (0 to 1) [ANA1]. A session counts whole in the
 * group it began in; a running one counts up to `now`.
 */
export async function equipmentAnalytics(db: Db, venue: Venue, now: number, period: Period, grouping: EquipmentGrouping): Promise<Series> {
  const uses: Use[] = await db
    .selectFrom('equipmentSessions as session')
    .innerJoin('equipment as item', 'item.id', 'session.equipmentId')
    .select(['session.startedAt', 'session.endedAt', 'session.localDate', 'session.gradeCategory', 'session.equipmentId', 'item.location', 'item.type'])
    .where('session.localDate', '>=', period.from)
    .where('session.localDate', '<=', period.to)
    .execute();
  const zone = venue.settings.timezone;
  const rows = uses.map((use) => ({ key: keyOf(use, grouping, zone), figures: { minutes: minutesOf(use, now), sessions: 1 } }));
  const minutes = rows.reduce((sum, row) => sum + row.figures.minutes, 0);
  const points = layOut(grouping, period, rows, ['minutes', 'sessions'], await knownKeys(db, venue, grouping));
  return {
    series: points.map(({ key, label, value, sessions = 0 }) => ({ key, label, value: Math.round(value), minutes: Math.round(value), sessions, share: minutes === 0 ? 0 : Math.round((value / minutes) * 1000) / 1000 })),
    totals: { minutes: Math.round(minutes), sessions: uses.length, averageMinutes: uses.length === 0 ? 0 : Math.round((minutes / uses.length) * 10) / 10 },
  };
}

function minutesOf({ startedAt, endedAt }: Use, now: number): number {
  return Math.max(0, (endedAt === null ? now : toMs(endedAt)) - toMs(startedAt)) / MINUTE_MS;
}

function keyOf(use: Use, grouping: EquipmentGrouping, zone: string): string {
  switch (grouping) {
    case 'hour': return String(localHour(toMs(use.startedAt), zone)).padStart(2, '0');
    case 'day':
    case 'week': return use.localDate;
    case 'gradeCategory': return use.gradeCategory ?? UNKNOWN;
    case 'location': return use.location;
    case 'type': return use.type;
    case 'item': return use.equipmentId;
  }
}

/** Items and types that nobody used belong in the picture too. */
async function knownKeys(db: Db, venue: Venue, grouping: EquipmentGrouping): Promise<ReadonlyMap<string, string>> {
  if (grouping === 'location') return new Map(venue.settings.locations.map(({ name }) => [name, name]));
  if (grouping !== 'type' && grouping !== 'item') return new Map();
  const items = await db.selectFrom('equipment').select(['id', 'name', 'type']).orderBy('nameKey').execute();
  return new Map(items.map((item) => (grouping === 'item' ? [item.id, item.name] : [item.type, item.type])));
}
