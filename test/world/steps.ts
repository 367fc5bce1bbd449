import { SeededRandom } from '../../packages/realtime/test/seeded-random.ts';
import type { TopicName } from '../../packages/protocol/src/index.ts';
import type { WorldFilters } from './expected-state.ts';
import { ENTITIES, USERS } from './school-entities.ts';

export const NODES = 3;
export const CLIENTS = 4;

type Changing = Exclude<TopicName, 'chat'>;

/** Something that happens in the world. `client`, `node` and `which` are places in its lists. */
export type Event =
  | { readonly do: 'change'; readonly topic: Changing; readonly which: number; readonly times: number; readonly without?: number }
  | { readonly do: 'tell'; readonly to: 'all' | 'role' | 'user'; readonly client: number }
  | { readonly do: 'say'; readonly client: number; readonly room: string }
  | { readonly do: 'toggle'; readonly client: number; readonly topic: TopicName; readonly filters: WorldFilters }
  | { readonly do: 'cut' | 'stall' | 'lose touch' | 'flow' | 'sleep' | 'wake' | 'hide' | 'show' | 'tokens fail' | 'tokens work' | 'revoke'; readonly client: number }
  | { readonly do: 'slow'; readonly client: number; readonly msPerByte: number }
  | { readonly do: 'set clock'; readonly client: number; readonly skewMs: number }
  | { readonly do: 'mobile'; readonly client: number; readonly on: boolean }
  | { readonly do: 'switch user' | 'change role'; readonly client: number; readonly to: string }
  | { readonly do: 'kill' | 'drain' | 'start' | 'part' | 'join' | 'deafen' | 'break off'; readonly node: number }
  | { readonly do: 'flush' | 'forget' | 'hang' | 'go on' | 'database fails' | 'database works' };

/** A step: something happens, then time passes. */
export interface Step {
  readonly event: Event;
  readonly thenMs: number;
}

const CHANGING: readonly Changing[] = ['activities', 'equipment', 'notifications', 'dashboard', 'analytics', 'emergency', 'system'];

const FILTERS: { readonly [T in TopicName]: readonly WorldFilters[] } = {
  activities: [{}, { activityType: ['CHECK_IN', 'BOOK_BORROW'] }, { location: 'lab' }],
  equipment: [{}, { type: 'COMPUTER' }, { status: 'AVAILABLE' }, { location: 'lab', type: 'STUDY_ROOM' }],
  notifications: [{}, { priority: ['HIGH', 'LOW'] }],
  dashboard: [{}, { metrics: ['occupancy', 'waiting'] }],
  analytics: [{}, { series: 'visits' }],
  emergency: [{}, { severity: 'CRITICAL' }],
  chat: [{}, { room: 'desk' }],
  system: [{}, { category: ['MAINTENANCE', 'IMPORT'] }],
};
export const TOPICS_FOLLOWED = Object.keys(FILTERS) as TopicName[];

/** What may happen, and how often in comparison. */
const HAPPENINGS: readonly (readonly [weight: number, draw: (chance: SeededRandom) => Event])[] = [
  [16, (chance) => ({ do: 'change', topic: chance.pick(CHANGING), which: chance.below(ENTITIES), times: 1 + chance.below(5), ...(chance.below(6) === 0 && { without: chance.below(CLIENTS) }) })],
  [2, (chance) => ({ do: 'change', topic: chance.pick(CHANGING), which: chance.below(ENTITIES), times: 30 + chance.below(30) })],
  [3, (chance) => ({ do: 'tell', to: chance.pick(['all', 'role', 'user'] as const), client: chance.below(CLIENTS) })],
  [3, (chance) => ({ do: 'say', client: chance.below(CLIENTS), room: chance.pick(['desk', 'office']) })],
  [4, (chance) => drawToggle(chance, chance.below(CLIENTS))],
  [12, (chance) => ({ do: chance.pick(['cut', 'cut', 'stall', 'stall', 'lose touch', 'flow', 'sleep', 'wake', 'hide', 'show', 'tokens fail', 'tokens work', 'revoke'] as const), client: chance.below(CLIENTS) })],
  [2, (chance) => ({ do: 'slow', client: chance.below(CLIENTS), msPerByte: chance.pick([0.5, 2, 10]) })],
  [1, (chance) => ({ do: 'set clock', client: chance.below(CLIENTS), skewMs: chance.pick([-3_600_000, -5000, 5000, 3_600_000, 0]) })],
  [1, (chance) => ({ do: 'mobile', client: chance.below(CLIENTS), on: chance.below(2) === 0 })],
  [1, (chance) => ({ do: 'switch user', client: chance.below(CLIENTS), to: chance.pick(Object.keys(USERS)) })],
  [1, (chance) => ({ do: 'change role', client: chance.below(CLIENTS), to: chance.pick(Object.values(USERS)) })],
  [6, (chance) => ({ do: chance.pick(['kill', 'kill', 'drain', 'start', 'start', 'start', 'part', 'join', 'deafen', 'break off'] as const), node: chance.below(NODES) })],
  [2, (chance) => ({ do: chance.pick(['flush', 'forget', 'hang', 'go on', 'database fails', 'database works', 'database works'] as const) })],
];
const ALL_WEIGHT = HAPPENINGS.reduce((sum, [weight]) => sum + weight, 0);

export function drawToggle(chance: SeededRandom, client: number): Event & { readonly do: 'toggle' } {
  const topic = chance.pick(TOPICS_FOLLOWED);
  return { do: 'toggle', client, topic, filters: chance.pick(FILTERS[topic]) };
}

export function drawSteps(seed: number, count: number): Step[] {
  const chance = new SeededRandom(seed);
  return Array.from({ length: count }, () => ({ event: drawEvent(chance), thenMs: drawPause(chance) }));
}

function drawEvent(chance: SeededRandom): Event {
  let at = chance.below(ALL_WEIGHT);
  for (const [weight, draw] of HAPPENINGS) {
    if (at < weight) return draw(chance);
    at -= weight;
  }
  throw new Error('weights do not add up');
}

/** Mostly at once or soon; sometimes long enough for timeouts, seldom for heartbeats and tokens. */
function drawPause(chance: SeededRandom): number {
  const kind = chance.below(100);
  if (kind < 35) return 0;
  if (kind < 75) return chance.below(200);
  if (kind < 94) return chance.below(3000);
  if (kind < 98) return chance.below(20_000);
  return chance.below(80_000);
}
