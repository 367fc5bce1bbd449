import { MemoryBroker } from '../src/broker-memory.ts';
import { ManualClock } from '../src/manual-clock.ts';
import type { Identity } from '../src/identity.ts';
import type { TopicDefinition } from '../src/topic.ts';
import { WebSocketManager } from '../src/websocket-manager.ts';

const NOON_MS = Date.UTC(2030, 0, 15, 12);
/** So short that long absences cannot be replayed. */
const HISTORY = { size: 12, ttlMs: 3_600_000 };
/** So little that a reader who stops for a few events loses some. */
const QUEUE_BYTES = 700;
const UNDROPPABLE_BYTES = 2500;

export const KINDS = ['red', 'blue'] as const;
export const ENTITIES = 4;
export type Role = 'FULL' | 'PUBLIC' | 'NONE';
/** Topics by what a slow reader loses. `droppable` is not for the role NONE. */
export const TOPICS = ['undroppable', 'latest', 'droppable'] as const;
export type Topic = (typeof TOPICS)[number];

/** What an entity is to clients: its newest version. */
export interface EntityState {
  readonly entity: number;
  readonly kind: string;
  readonly version: number;
  readonly secret?: string;
}

/** An engine with topics whose state is known exactly: every entity keeps its kind for ever, and an event is its next version. */
export class ModelWorld {
  readonly clock = new ManualClock(NOON_MS);
  readonly manager: WebSocketManager;
  readonly state = new Map<Topic, Map<number, EntityState>>(TOPICS.map((topic) => [topic, new Map()]));
  readonly roles = new Map<string, Role>();
  /** Newest versions that somebody was not to get: a client may or may not have them, by how it came back. */
  readonly withheld = new Set<number>();
  readonly errors: unknown[] = [];
  #turn: (() => void)[] = [];
  #version = 0;

  /** With room for everything, events go in bursts; without, each is weighed for itself. */
  constructor(room: boolean) {
    this.manager = new WebSocketManager({
      topics: TOPICS.map((topic) => this.#definition(topic)),
      authenticate: async () => ({ kind: 'refused', status: 401, reason: 'nobody comes over the network here' }),
      broker: new MemoryBroker({ clock: this.clock, history: HISTORY }),
      clock: this.clock,
      config: { auth: { rateLimitEnabled: false }, ...(!room && { queueBytes: QUEUE_BYTES, undroppableBytes: UNDROPPABLE_BYTES }) },
      onError: (error) => void this.errors.push(error),
      defer: (work) => void this.#turn.push(work),
    });
  }

  identity(userId: string): Identity {
    return { userId, username: userId, role: this.roles.get(userId) ?? 'FULL', sessionId: userId };
  }

  publish(topic: Topic, entity: number, excludeClientId: string | undefined): void {
    const version = ++this.#version;
    const data: EntityState = { entity, kind: KINDS[entity % KINDS.length]!, version, secret: 'only for FULL' };
    this.state.get(topic)!.set(entity, data);
    if (excludeClientId !== undefined) this.withheld.add(version);
    void this.manager.publish([{ id: `event-${version}`, topic, type: 'changed', timestamp: new Date(this.clock.now()).toISOString(), data, ...(excludeClientId !== undefined && { excludeClientId }) }]);
  }

  /** Ends the turn of the event loop: what was queued is written. */
  endTurn(): void {
    for (const work of this.#turn.splice(0)) work();
  }

  /** Lets everything happen that happens without new causes. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      await new Promise<void>((resolve) => void setImmediate(resolve));
      if (this.#turn.length > 0) quiet = -1;
      this.endTurn();
    }
  }

  #definition(name: Topic): TopicDefinition {
    return {
      name,
      filters: { kind: KINDS },
      delivery: name,
      eventTypes: ['changed'],
      audience: ({ role }) => (role === 'NONE' && name === 'droppable' ? undefined : { key: role === 'FULL' ? 'full' : 'public' }),
      project: ({ data }, { key }) => seenAs(data as EntityState, key),
      entity: ({ data }) => String((data as EntityState).entity),
      snapshot: async ({ audience, filters }) => {
        await new Promise<void>((resolve) => void setImmediate(resolve));
        return [...this.state.get(name)!.values()].filter(({ kind }) => filters['kind']?.includes(kind) ?? true).map((state) => seenAs(state, audience.key));
      },
    };
  }
}

function seenAs({ entity, kind, version, secret }: EntityState, audience: string): EntityState {
  return { entity, kind, version, ...(audience === 'full' && secret !== undefined && { secret }) };
}
