import type { NewEvent } from '../src/broker.ts';
import { MemoryBroker } from '../src/broker-memory.ts';
import { RedisBroker } from '../src/broker-redis.ts';
import { systemClock } from '../src/clock.ts';
import type { TopicDefinition } from '../src/topic.ts';
import { EngineServer } from './engine-server.ts';

/** By what a slow reader loses: some events, announced; older versions of an entity. */
export const TOPICS = ['orders', 'prices'] as const;
export type Topic = (typeof TOPICS)[number];

export interface Data {
  readonly n: number;
  readonly shop: string;
  readonly entity: string;
  readonly text: string;
  readonly secret?: string;
}

export interface Published extends NewEvent {
  readonly topic: Topic;
  readonly data: Data;
  readonly offset: number;
}

/** What a role may see of an event. */
export function seenBy(role: string, data: Data): Data {
  const { secret, ...open } = data;
  return role === 'STAFF' ? { ...open, secret: secret! } : open;
}

const topic = (name: Topic, delivery: 'droppable' | 'latest'): TopicDefinition => ({
  name,
  filters: { shop: 'open' },
  delivery,
  eventTypes: ['changed'],
  audience: ({ role }) => ({ key: role }),
  project: ({ data }, { key }) => seenBy(key, data as Data),
  entity: ({ data }) => (data as Data).entity,
});

/** Small, so that few events fill it once a reader has stopped. */
const QUEUE_BYTES = 256 * 1024;

/** The engine as one row wants it: one node, or two over Redis. Keeps everything that was published, as an application with a log of its own does. */
export class PairwiseWorld {
  readonly log: Published[] = [];
  readonly #redisUrl: string | undefined;
  readonly #prefix: string;
  readonly #nodes: EngineServer[] = [];

  constructor(redisUrl: string | undefined, prefix: string) {
    this.#redisUrl = redisUrl;
    this.#prefix = prefix;
  }

  async start(): Promise<void> {
    for (let count = this.#redisUrl === undefined ? 1 : 2; count > 0; count--) this.#nodes.push(await this.#node());
  }

  /** Where clients go. */
  get node(): EngineServer {
    return this.#nodes[0]!;
  }

  /** Published on every node by turns, each list at once. */
  async publish(topicName: Topic, ...list: readonly Data[]): Promise<void> {
    const events = list.map((data): NewEvent => ({ id: `${topicName}-${data.n}`, topic: topicName, type: 'changed', timestamp: new Date(systemClock.now()).toISOString(), data }));
    const from = this.#nodes[this.log.length % this.#nodes.length]!;
    const positions = await from.manager.publish(events);
    for (const [at, event] of events.entries()) this.log.push({ ...(event as Published), offset: positions[at]!.offset });
    // A node that only listens hears of it in its own time.
    const { broker } = this.node.manager.handlers;
    while (broker.position(topicName).offset < positions.at(-1)!.offset) await new Promise((resolve) => void setImmediate(resolve));
  }

  /** The clients' node is drained; the other one takes over, or a successor that was given the log. */
  async drain(): Promise<void> {
    const leaving = this.#nodes[0]!;
    const successor = this.#nodes[1] ?? (await this.#node(leaving));
    await leaving.stop();
    this.#nodes.splice(0, this.#nodes.length, successor);
  }

  async stop(): Promise<void> {
    for (const node of this.#nodes) await node.stop();
  }

  async #node(before?: EngineServer): Promise<EngineServer> {
    const seed = before && Object.fromEntries(TOPICS.map((name) => [name, { epoch: before.manager.handlers.broker.position(name).epoch, offset: 0 }]));
    const broker = this.#redisUrl === undefined ? new MemoryBroker({ clock: systemClock, ...(seed && { seed }) }) : new RedisBroker({ url: this.#redisUrl, clock: systemClock, prefix: this.#prefix, history: { size: 10_000, ttlMs: 3_600_000 } });
    const node = new EngineServer({ queueBytes: QUEUE_BYTES }, broker, [topic('orders', 'droppable'), topic('prices', 'latest')]);
    if (before) for (const event of this.log) await broker.publish([event]);
    await node.start();
    return node;
  }
}
