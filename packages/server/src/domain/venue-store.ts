import type { Db } from '../store/open-store.ts';
import { DEFAULT_CALENDAR, DEFAULT_POLICIES, defaultSettings, type Calendar, type Policies, type Settings, type Venue } from './venue.ts';

/** Reads what an administrator has set; what was never set has the defaults, in UTC until the setup names the zone. */
export async function loadVenue(db: Db): Promise<Venue> {
  const rows = await db.selectFrom('settings').selectAll().execute();
  const row = (key: string) => rows.find((candidate) => candidate.key === key);
  const value = <T>(key: string, fallback: T): T => {
    const found = row(key);
    return found ? (JSON.parse(found.value) as T) : fallback;
  };
  return {
    settings: value<Settings>('venue', defaultSettings('UTC', 'en')),
    policies: value<Policies>('policies', DEFAULT_POLICIES),
    calendar: value<Calendar>('calendar', DEFAULT_CALENDAR),
    versions: { venue: row('venue')?.version ?? 0, policies: row('policies')?.version ?? 0, calendar: row('calendar')?.version ?? 0 },
  };
}

/** Writes one of the three documents whole and raises its version. The caller reloads the runner's venue after the commit. */
export async function saveVenuePart(db: Db, key: 'venue' | 'policies' | 'calendar', value: Settings | Policies | Calendar, version: number, at: string): Promise<void> {
  await db
    .insertInto('settings')
    .values({ key, value: JSON.stringify(value), version, updatedAt: at })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: JSON.stringify(value), version, updatedAt: at }))
    .execute();
}
