import type { NewEvent } from '../../packages/realtime/src/broker.ts';
import type { Clock } from '../../packages/realtime/src/clock.ts';
import type { OpenRedis, RedisConnection, StreamEntry } from '../../packages/realtime/src/redis-connection.ts';
import { BEAT, CLAIM_PLACES, TAKE_TOKENS, TELL_PLACES } from '../../packages/realtime/src/redis-limit-scripts.ts';
import { CANARY, NEWEST_PLACED, PRESENT_EPOCH, PUBLISH } from '../../packages/realtime/src/redis-scripts.ts';
import { Pipe } from './pipe.ts';

/** An event as Redis took it in. `seq` counts over all topics and epochs. */
export interface LoggedEvent {
  readonly seq: number;
  readonly epoch: string;
  readonly topic: string;
  readonly offset: number;
  readonly event: NewEvent;
}

interface Client {
  readonly nodeId: string;
  readonly toRedis: Pipe;
  readonly toNode: Pipe;
  channels: readonly string[];
  onMessage: (channel: string, message: string) => void;
  readonly end: (reason: string) => void;
}

/** One Redis for all nodes: what the engine's scripts do, over connections that are slow, deaf, broken off or unreachable. */
export class SimulatedRedis {
  /** Everything that was ever taken in, in order: what the world knows better than Redis. */
  readonly taken: LoggedEvent[] = [];
  readonly #delayMs: () => number;
  readonly #clients = new Set<Client>();
  readonly #apart = new Set<string>();
  #hung = false;
  #epoch: string | undefined;
  #placed = '';
  #heads = new Map<string, number>();
  #logs = new Map<string, { readonly id: string; readonly fields: readonly string[] }[]>();
  #ids = new Map<string, number>();

  constructor(delayMs: () => number) {
    this.#delayMs = delayMs;
  }

  /** How a node opens connections. */
  opener(nodeId: string): OpenRedis {
    return (_url, clock, deadlineMs, onEnd) => this.#open(nodeId, clock, deadlineMs, onEnd);
  }

  /** Everything is gone, positions and all. */
  flush(): void {
    this.#epoch = undefined;
    this.#placed = '';
    this.#heads = new Map();
    this.#logs = new Map();
    this.#ids = new Map();
  }

  /** Killed, and back without its memory: every connection is broken off as well. */
  restart(): void {
    this.flush();
    for (const client of Array.from(this.#clients)) {
      this.#drop(client);
      client.end('broken off');
    }
  }

  /** Stopped or going on: connections stay, nothing is answered. */
  hang(hung: boolean): void {
    this.#hung = hung;
    for (const client of this.#clients) this.#route(client);
  }

  /** The network between one node and Redis: nothing comes through until it is together again. */
  setApart(nodeId: string, apart: boolean): void {
    if (apart) this.#apart.add(nodeId);
    else this.#apart.delete(nodeId);
    for (const client of this.#clients) this.#route(client);
  }

  /** Subscribers of a node are connected and hear nothing any more. */
  deafen(nodeId: string): void {
    for (const client of this.#clients) if (client.nodeId === nodeId) client.channels = [];
  }

  /** Breaks connections of a node off, as Redis does with a reader that is too slow. `silent`: the node is dead and hears nothing of it. */
  breakOff(nodeId: string, silent = false): void {
    for (const client of [...this.#clients].filter((one) => one.nodeId === nodeId)) {
      this.#drop(client);
      if (!silent) client.end('broken off');
    }
  }

  get connections(): number {
    return this.#clients.size;
  }

  #route(client: Client): void {
    const shut = this.#hung || this.#apart.has(client.nodeId);
    for (const pipe of [client.toRedis, client.toNode]) {
      if (shut) pipe.shut();
      else pipe.open();
    }
  }

  #drop(client: Client): void {
    this.#clients.delete(client);
    client.toRedis.break();
    client.toNode.break();
  }

  async #open(nodeId: string, clock: Clock, deadlineMs: number, onEnd: (reason: string) => void): Promise<RedisConnection> {
    const waiting = new Set<(error: Error) => void>();
    const end = (reason: string): void => {
      for (const reject of Array.from(waiting)) reject(new Error(reason));
      onEnd(reason);
    };
    const client: Client = { nodeId, toRedis: new Pipe(clock, this.#delayMs), toNode: new Pipe(clock, this.#delayMs), channels: [], onMessage: () => undefined, end };
    this.#clients.add(client);
    this.#route(client);
    const ask = <T>(work: () => T): Promise<T> =>
      new Promise((resolve, reject) => {
        const settle = (then: () => void): void => {
          cancel();
          waiting.delete(fail);
          then();
        };
        const fail = (error: Error): void => settle(() => reject(error));
        const cancel = clock.setTimer(deadlineMs, () => fail(new Error(`Redis did not answer within ${deadlineMs} ms`)));
        waiting.add(fail);
        client.toRedis.send(() => {
          const answer = attempt(work);
          client.toNode.send(() => settle(() => ('error' in answer ? reject(answer.error) : resolve(answer.value))));
        });
      });
    const destroy = (): void => {
      if (!this.#clients.has(client)) return;
      this.#drop(client);
      end('destroyed');
    };
    await ask(() => undefined).catch((error: unknown) => {
      destroy();
      throw error;
    });
    return {
      eval: (script, args) => ask(() => this.#run(script, args.map(String))),
      range: (key, from, to, count) => ask(() => this.#entries(key).filter(([id]) => number(id) >= number(from) && (to === '+' || number(id) <= number(to))).slice(0, count)),
      newest: (key, count) => ask(() => this.#entries(key).toReversed().slice(0, count)),
      publish: (channel, message) => ask(() => void this.#tell(channel, message)),
      subscribe: async (channels, onMessage) => {
        client.onMessage = onMessage;
        await ask(() => void (client.channels = channels));
      },
      destroy,
    };
  }

  #run(script: string, args: readonly string[]): unknown {
    const [prefix, newEpoch, ...rest] = args as [string, string, ...string[]];
    if (script === PUBLISH) {
      const [size, , remembered, newest, before, beforeId, ...events] = rest;
      const epoch = this.#begin(newEpoch);
      if (newest !== '*' && newest !== this.#placed && !this.#ids.has(`${before} ${beforeId}`)) return [epoch];
      return this.#publish(prefix, epoch, Number(size), Number(remembered), newest !== '*', events);
    }
    if (script === PRESENT_EPOCH) return this.#epoch ?? '';
    if (script === NEWEST_PLACED) return this.#placed;
    if (script in LIMITS) return LIMITS[script];
    if (script !== CANARY) throw new Error('ERR this Redis knows no such script');
    const [nodeId, canary] = rest;
    const epoch = this.#begin(newEpoch);
    const heads = [...this.#heads].map(([topic, offset]) => `${topic}\t${offset}`).join('\n');
    return this.#tell(`${prefix}node:${nodeId}`, `${canary}\n${epoch}\n${heads}`);
  }

  #publish(prefix: string, epoch: string, size: number, remembered: number, hasPlace: boolean, events: readonly string[]): unknown {
    const offsets: number[] = [];
    const told: string[] = [];
    for (let at = 0; at < events.length; at += 3) {
      const [id, topic, body] = events.slice(at, at + 3) as [string, string, string];
      const known = this.#ids.get(`${topic} ${id}`);
      if (known !== undefined && known > this.#head(topic) - remembered) {
        offsets.push(known);
        continue;
      }
      const offset = this.#head(topic) + 1;
      const log = this.#logs.get(`${prefix}log:${epoch}:${topic}`) ?? [];
      log.push({ id: `${offset}-0`, fields: ['event', body] });
      this.#logs.set(`${prefix}log:${epoch}:${topic}`, log.slice(-size));
      this.#heads.set(topic, offset);
      this.#ids.set(`${topic} ${id}`, offset);
      this.taken.push({ seq: this.taken.length, epoch, topic, offset, event: JSON.parse(body) as NewEvent });
      if (hasPlace) this.#placed = id;
      offsets.push(offset);
      told.push(`${topic}\t${offset}\t${body}`);
    }
    if (told.length > 0) this.#tell(`${prefix}events`, `${epoch}\n${told.join('\n')}`);
    return [epoch, ...offsets];
  }

  #begin(newEpoch: string): string {
    return (this.#epoch ??= newEpoch);
  }

  #head(topic: string): number {
    return this.#heads.get(topic) ?? 0;
  }

  #entries(key: string): StreamEntry[] {
    return (this.#logs.get(key) ?? []).map(({ id, fields }) => [id, fields]);
  }

  #tell(channel: string, message: string): number {
    const listening = [...this.#clients].filter(({ channels }) => channels.includes(channel));
    for (const client of listening) client.toNode.send(() => client.onMessage(channel, message));
    return listening.length;
  }
}

/** Limits over all nodes are never reached here; each node's own are. */
const LIMITS: Readonly<Record<string, number>> = { [TAKE_TOKENS]: 0, [CLAIM_PLACES]: 1, [TELL_PLACES]: 1, [BEAT]: 1 };

const number = (id: string): number => Number.parseInt(id, 10);

function attempt<T>(work: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}
