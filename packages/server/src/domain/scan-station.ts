import type { Db } from '../store/open-store.ts';
import type { Actor } from './actor.ts';
import type { Location } from './locations.ts';
import type { Venue } from './venue.ts';

/** Stands between the place of a desk and the desk's own name, so that two desks of one room are two stations. */
const PLACE_AND_DESK = ' · ';

/** Where a station stands: as its device was set up, or by its name; the venue's first location where neither says. */
export async function stationLocation(db: Db, venue: Venue, actor: Actor, station: string): Promise<Location> {
  const { locations } = venue.settings;
  const named = (name: string | null | undefined) => (name ? locations.find((location) => location.name.toLowerCase() === name.toLowerCase()) : undefined);
  const own = actor.kind === 'device' ? named(actor.location) : (named(station) ?? named(station.split(PLACE_AND_DESK)[0]));
  if (own) return own;
  const device = await db.selectFrom('devices').select('location').where('station', '=', station).where('revokedAt', 'is', null).where('location', 'is not', null).executeTakeFirst();
  return named(device?.location) ?? locations[0]!;
}
