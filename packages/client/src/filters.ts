import type { SubscribableTopic, TopicFilters } from '@clms/protocol';

/** Filters in one shape: lists only, sorted, without repeats. Keys are AND, values of a list are OR. */
export type WireFilters = Readonly<Record<string, readonly string[]>>;

type LooseFilters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** One shape for equal filters, so that `{ type: 'x' }` and `{ type: ['x'] }` are the same subscription. */
export function normalFilters<T extends SubscribableTopic>(filters: TopicFilters<T> | LooseFilters | undefined): WireFilters {
  const normal: Record<string, readonly string[]> = {};
  for (const [key, value] of Object.entries((filters ?? {}) as LooseFilters).toSorted()) {
    if (value === undefined) continue;
    normal[key] = [...new Set(typeof value === 'string' ? [value] : value)].toSorted();
  }
  return normal;
}

export const filterKey = (filters: WireFilters): string => JSON.stringify(filters);

/**
 * The narrowest filters that let through whatever any of `all` lets through, in the one-subscription-per-topic shape of the wire:
 * keys that all have, with the values of all.
 */
export function mergedFilters(all: readonly WireFilters[]): WireFilters {
  const [first, ...rest] = all;
  if (!first) return {};
  const merged: Record<string, string[]> = {};
  for (const key of Object.keys(first)) {
    if (rest.every((filters) => filters[key])) merged[key] = all.flatMap((filters) => filters[key]!);
  }
  return normalFilters(merged);
}

/** Whether everything that passes `narrow` passes `wide`. */
export function coversFilters(wide: WireFilters, narrow: WireFilters): boolean {
  return Object.entries(wide).every(([key, values]) => {
    const allowed = lowerCase(values);
    return narrow[key]?.every((value) => allowed.has(value.toLowerCase())) ?? false;
  });
}

/**
 * Whether an entity passes. Fields carry the filter's name, but for three: an item of `equipment` is named by its `id`; `role` looks
 * at whom a notice is addressed to, and lets pass where the server does not tell; `metrics` chooses parts, not events.
 */
export function matchesFilters(topic: string, entity: unknown, filters: WireFilters): boolean {
  return Object.entries(filters).every(([key, wanted]) => {
    if (key === 'metrics') return true;
    const value = fieldValue(topic, entity as Record<string, unknown>, key);
    if (value === undefined) return key === 'role' || (topic === 'chat' && isPresence(entity));
    const has = lowerCase(Array.isArray(value) ? value : [value]);
    return wanted.some((one) => has.has(one.toLowerCase()));
  });
}

const lowerCase = (values: readonly unknown[]): ReadonlySet<string> => new Set(values.map((value) => String(value).toLowerCase()));

function fieldValue(topic: string, entity: Record<string, unknown>, key: string): unknown {
  if (topic === 'equipment' && key === 'equipmentId') return entity['id'];
  if (topic === 'notifications' && key === 'role') return (entity['recipients'] as { roles?: unknown } | undefined)?.roles;
  return entity[key];
}

/** Presence belongs to no room, so a filter by room does not touch it. */
function isPresence(entity: unknown): boolean {
  return !Object.hasOwn(entity as object, 'text');
}
