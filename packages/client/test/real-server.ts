import { createServer, type Server } from 'node:http';
import { createFallbacks } from '../../realtime/src/fallbacks.ts';
import type { AddressInfo } from 'node:net';
import { MemoryBroker, WebSocketManager, systemClock, type Identity, type TopicDefinition } from '../../realtime/src/index.ts';
import type { Environment, WakeSignal } from '../src/environment.ts';
import { RealtimeClient, hostEnvironment, type ConnectionState, type RealtimeClientOptions } from '../src/index.ts';

export interface Item {
  readonly id: string;
  readonly type: string;
  readonly status: string;
}

/** The real engine on a port of its own, with a board of equipment. A token is the name of its user. */
export class RealServer {
  readonly items = new Map<string, Item>();
  readonly manager: WebSocketManager;
  readonly #http: Server;
  readonly #clients: RealtimeClient[] = [];
  #events = 0;
  /** Tokens that count no more. */
  readonly revoked = new Set<string>();
  /** How long tokens last from now, in milliseconds. */
  tokenLifeMs = 3_600_000;

  constructor() {
    const equipment: TopicDefinition = {
      name: 'equipment',
      filters: { type: 'open', status: 'open' },
      delivery: 'latest',
      eventTypes: ['equipment_update'],
      audience: () => ({ key: 'all' }),
      project: ({ data }) => data,
      entity: ({ data }) => (data as Item).id,
      snapshot: async ({ filters }) => [...this.items.values()].filter(({ type }) => !filters['type'] || filters['type'].includes(type)),
    };
    this.manager = new WebSocketManager({
      topics: [equipment, { ...equipment, name: 'analytics', audience: () => undefined }],
      broker: new MemoryBroker({ clock: systemClock }),
      authenticate: async (credential) => {
        const [token = ''] = Object.values(credential);
        return this.revoked.has(token) ? { kind: 'refused', status: 401, reason: 'revoked' } : { kind: 'ok', identity: this.#person(token) };
      },
      config: { auth: { rateLimitEnabled: false } },
    });
    const { handleEvents, handlePoll } = createFallbacks(this.manager, systemClock);
    this.#http = createServer((request, response) => void (request.url?.startsWith('/api/realtime/events') ? handleEvents(request, response) : handlePoll(request, response)));
  }

  get httpUrl(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    this.manager.attach(this.#http);
    await this.manager.start();
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.manager.shutdown();
    this.#http.closeAllConnections();
    this.#http.close();
  }

  async change(item: Item): Promise<void> {
    this.items.set(item.id, item);
    await this.manager.publish([{ id: `evt_${++this.#events}`, topic: 'equipment', type: 'equipment_update', timestamp: new Date(systemClock.now()).toISOString(), data: item }]);
  }

  /** A client of this server whose device wakes when told, and then retries at once. */
  client(options: Partial<RealtimeClientOptions> = {}) {
    const wakes = new Set<(signal: WakeSignal) => void>();
    const environment: Environment = {
      ...hostEnvironment(),
      random: () => 0,
      onWake: (listener) => {
        wakes.add(listener);
        return () => wakes.delete(listener);
      },
    };
    const { httpUrl } = this;
    const client = new RealtimeClient({ url: `${httpUrl.replace('http', 'ws')}/ws`, httpUrl, getToken: () => 'ana', environment, ...options });
    this.#clients.push(client);
    return { client, wake: () => wakes.forEach((listener) => listener('online')) };
  }

  #person(token: string): Identity {
    return { userId: token.split('#')[0]!, username: token, role: 'STAFF', sessionId: token, expiresAt: systemClock.now() + this.tokenLifeMs };
  }
}

/** Resolves when the connection is in a state. */
export function inState(client: RealtimeClient, state: ConnectionState['state']): Promise<void> {
  return new Promise((resolve) => {
    if (client.state.state === state) return resolve();
    const stop = client.onState((now) => {
      if (now.state !== state) return;
      stop();
      resolve();
    });
  });
}

/** Resolves when a view satisfies a condition. */
export function when<S>(view: { subscribe(listener: () => void): () => void; getSnapshot(): S }, holds: (snapshot: S) => boolean): Promise<S> {
  return new Promise((resolve) => {
    const stop = view.subscribe(() => look());
    const look = () => {
      const snapshot = view.getSnapshot();
      if (!holds(snapshot)) return;
      resolve(snapshot);
      stop();
    };
    look();
  });
}
