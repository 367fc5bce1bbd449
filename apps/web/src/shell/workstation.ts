import { useSyncExternalStore } from 'react';
import { newId } from '../api/new-id.ts';

/** Where this computer stands, and what its scans are called. */
export interface Workstation {
  readonly location: string;
  /** Its location, then its own name: two desks in one room must not take each other's cards for theirs. */
  readonly station: string;
}

const LOCATION_KEY = 'clms.location';
const DESK_KEY = 'clms.desk';
const listeners = new Set<() => void>();

function deskName(): string {
  const known = localStorage.getItem(DESK_KEY);
  if (known) return known;
  const made = `Desk ${newId().slice(0, 4).toUpperCase()}`;
  localStorage.setItem(DESK_KEY, made);
  return made;
}

/** Remembers where this computer stands. */
export function setWorkstationLocation(location: string): void {
  localStorage.setItem(LOCATION_KEY, location);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The workstation; in the venue's first location until somebody says otherwise. */
export function useWorkstation(locations: readonly { readonly name: string }[]): Workstation {
  const chosen = useSyncExternalStore(subscribe, () => localStorage.getItem(LOCATION_KEY));
  const location = locations.find(({ name }) => name === chosen)?.name ?? locations[0]?.name ?? '';
  return { location, station: `${location} · ${deskName()}` };
}
