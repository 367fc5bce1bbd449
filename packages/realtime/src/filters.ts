import type { NormalFilters, SnapshotRequest, TopicDefinition } from './topic.ts';

/** Filters in a client's own form: a value or a list of them, in its order. */
export type AskedFilters = Readonly<Record<string, string | readonly string[]>>;

export type FilterResult =
  | { readonly kind: 'ok'; readonly filters: NormalFilters; /** Equal filters have equal keys. */ readonly key: string; /** As the client wrote them, for telling it; closed values in their own case. */ readonly asked: AskedFilters }
  | { readonly kind: 'wrong'; readonly path: string; readonly expected: readonly string[] };

/** Brings a client's filters into one form: known keys, lists sorted and without repeats, closed values in their own case [TOP1]. */
export function normaliseFilters(topic: TopicDefinition, filters: AskedFilters | undefined): FilterResult {
  const normal: Record<string, readonly string[]> = {};
  const asked: Record<string, string | readonly string[]> = {};
  for (const key of Object.keys(filters ?? {}).toSorted()) {
    const spec = Object.hasOwn(topic.filters, key) ? topic.filters[key] : undefined;
    if (!spec) return { kind: 'wrong', path: `data.filters.${key}`, expected: Object.keys(topic.filters) };
    const given = filters![key]!;
    const values = new Set<string>();
    for (const value of typeof given === 'string' ? [given] : given) {
      const known = spec === 'open' ? value : spec.find((allowed) => allowed.toLowerCase() === value.toLowerCase());
      if (known === undefined) return { kind: 'wrong', path: `data.filters.${key}`, expected: spec as readonly string[] };
      values.add(known);
    }
    normal[key] = [...values].toSorted();
    asked[key] = typeof given === 'string' ? normal[key][0]! : [...values];
  }
  return { kind: 'ok', filters: normal, key: JSON.stringify(normal), asked };
}

/** Values of one projected event by filter key, read once however many groups ask. */
export type ValueReader = (key: string) => readonly string[] | true | undefined;

/** Whether an event is wanted: lists are OR, keys are AND; nothing wanted = everything. */
export type Matcher = (values: ValueReader) => boolean;

const EVERYTHING: Matcher = () => true;

export function compileFilters(topic: TopicDefinition, filters: NormalFilters): Matcher {
  const wanted = Object.entries(filters)
    .filter(([key]) => !topic.selectKeys?.includes(key))
    .map(([key, values]) => [key, new Set(values.map((value) => value.toLowerCase()))] as const);
  if (wanted.length === 0) return EVERYTHING;
  return (values) => {
    for (const [key, set] of wanted) {
      const found = values(key);
      if (found === true) continue;
      if (found === undefined || !found.some((value) => set.has(value))) return false;
    }
    return true;
  };
}

/** What `wants` of a snapshot is, for a topic and its filters; for tests of topic definitions too. */
export function wantedBy(topic: TopicDefinition, filters: NormalFilters): SnapshotRequest['wants'] {
  const matches = compileFilters(topic, filters);
  return (projected, type) => matches(valueReader(topic, projected, { type }));
}

/** Reads and folds the values that filters compare with; remembers them for the event. */
export function valueReader(topic: TopicDefinition, projected: unknown, event: Parameters<NonNullable<TopicDefinition['filterValue']>>[2]): ValueReader {
  const known = new Map<string, readonly string[] | true | undefined>();
  return (key) => {
    if (known.has(key)) return known.get(key);
    const raw = topic.filterValue ? topic.filterValue(projected, key, event) : (projected as Record<string, unknown> | null)?.[key];
    const value = raw === true ? true : typeof raw === 'string' ? [raw.toLowerCase()] : Array.isArray(raw) ? raw.filter((one) => typeof one === 'string').map((one) => one.toLowerCase()) : undefined;
    known.set(key, value);
    return value;
  };
}
