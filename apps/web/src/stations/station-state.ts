import type { Equipment } from '@clms/protocol';

export type StationState = 'free' | 'in_use' | 'claimed' | 'maintenance' | 'out_of_order';

/** How a station stands, for people. */
export function stationState(item: Equipment, now: number): StationState {
  if (item.status === 'MAINTENANCE') return 'maintenance';
  if (item.status === 'OUT_OF_ORDER') return 'out_of_order';
  if (item.claimUntil !== undefined && Date.parse(item.claimUntil) > now) return 'claimed';
  return item.sessions.length > 0 ? 'in_use' : 'free';
}

export const STATE_WORDS: Readonly<Record<StationState, string>> = {
  free: 'Free',
  in_use: 'In use',
  claimed: 'Kept',
  maintenance: 'Maintenance',
  out_of_order: 'Out of order',
};

/** Whether one more session could start. */
export const hasFreeSeat = (item: Equipment): boolean => item.status !== 'MAINTENANCE' && item.status !== 'OUT_OF_ORDER' && item.sessions.length < item.seats;

/** Where the people of a waiting list will get in first: at the item of their type that frees next. By item id, how many wait. */
export function waitingAt(items: Iterable<Equipment>): ReadonlyMap<string, number> {
  const next = new Map<string, Equipment>();
  const endOf = ({ sessions }: Equipment) => sessions.map(({ endsAt }) => endsAt ?? '9').toSorted()[0] ?? '';
  for (const item of items) {
    const before = next.get(item.type);
    if (item.waiting === 0 || item.status === 'MAINTENANCE' || item.status === 'OUT_OF_ORDER') continue;
    if (!before || endOf(item) < endOf(before)) next.set(item.type, item);
  }
  return new Map([...next.values()].map(({ id, waiting }) => [id, waiting]));
}

/** By name, "PC 2" before "PC 10". */
export const byName = (a: { readonly name: string }, b: { readonly name: string }): number => a.name.localeCompare(b.name, undefined, { numeric: true });

/** Items by location, in the venue's order, then those of places it does not list. */
export function byLocation(items: Iterable<Equipment>, order: readonly { readonly name: string }[]): readonly (readonly [string, readonly Equipment[]])[] {
  const groups = Map.groupBy([...items].toSorted(byName), ({ location }) => location);
  const rank = (name: string) => {
    const index = order.findIndex((location) => location.name === name);
    return index < 0 ? order.length : index;
  };
  return [...groups].toSorted(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b));
}
