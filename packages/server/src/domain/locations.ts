import type { Db } from '../store/open-store.ts';
import { prepared } from '../store/prepared.ts';
import { Refusal } from './refusal.ts';
import type { Unit } from './unit.ts';
import type { Settings, Venue } from './venue.ts';

export type Location = Settings['locations'][number];

/** The venue's location of this name, in any letter case. Refuses with the names there are. */
export function locationNamed(venue: Venue, name: string): Location {
  const wanted = name.trim().toLowerCase();
  const { locations } = venue.settings;
  const found = locations.find((location) => location.name.toLowerCase() === wanted);
  if (found) return found;
  const known = locations.map((location) => location.name);
  throw new Refusal(400, 'UNKNOWN_LOCATION', `There is no location of this name. Locations: ${known.join(', ')}.`, { details: { locations: known }, errors: [{ path: 'body.location', message: `one of: ${known.join(', ')}` }] });
}

/** How many are in one location: its open visits, never a counter [ATT1]. */
export async function insideAt(db: Db, location: string): Promise<number> {
  const { inside } = await db.selectFrom('visits').select(({ fn }) => fn.countAll<number>().as('inside')).where('location', '=', location).where('checkedOutAt', 'is', null).executeTakeFirstOrThrow();
  return Number(inside);
}

const visitPast = prepared((db, location: string, inside: number) => db.selectFrom('visits').select('id').where('location', '=', location).where('checkedOutAt', 'is', null).offset(inside).limit(1));

/**
 * Whether nobody more fits in. Whoever asks decides by it, so nobody else enters this place before the unit has committed: of two at the door
 * of the last free place one gets in. Looks at no more open visits than there are places, however many staff have let in.
 */
export async function isFull(unit: Unit, { name, capacity }: Location): Promise<boolean> {
  await unit.lock(`location ${name}`);
  return (await visitPast(unit.db, name, capacity - 1)).length > 0;
}

/** How many are in each location with anybody in it, by name. */
export async function insideByLocation(db: Db): Promise<Map<string, number>> {
  const rows = await db.selectFrom('visits').select(({ fn }) => ['location', fn.countAll<number>().as('inside')]).where('checkedOutAt', 'is', null).groupBy('location').execute();
  return new Map(rows.map((row) => [row.location, Number(row.inside)]));
}
