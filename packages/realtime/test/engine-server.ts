import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Broker } from '../src/broker.ts';
import { MemoryBroker } from '../src/broker-memory.ts';
import { systemClock } from '../src/clock.ts';
import type { ManagerConfig } from '../src/config.ts';
import { createFallbacks } from '../src/fallbacks.ts';
import type { Identity } from '../src/identity.ts';
import type { TopicDefinition } from '../src/topic.ts';
import { WebSocketManager } from '../src/websocket-manager.ts';

const orders: TopicDefinition = {
  name: 'orders',
  filters: { shop: 'open' },
  delivery: 'droppable',
  eventTypes: ['order_update'],
  audience: ({ role }) => ({ key: role }),
  project: ({ data }) => data,
};

const prices: TopicDefinition = { ...orders, name: 'prices', filters: {}, audience: ({ role }) => (role === 'STAFF' ? { key: role } : undefined), snapshot: async () => ['the present prices'] };

/** An engine on a port of its own, without the limits that a test of frames would meet first. */
export class EngineServer {
  readonly manager: WebSocketManager;
  readonly #http: Server;
  #users = 0;
  #events = 0;

  constructor(config: ManagerConfig = {}, broker: Broker = new MemoryBroker({ clock: systemClock }), topics: readonly TopicDefinition[] = [orders, prices]) {
    this.manager = new WebSocketManager({
      topics,
      broker,
      clock: systemClock,
      authenticate: async (credential) => ({ kind: 'ok', identity: person('token' in credential ? credential.token : '') }),
      securityLog: () => undefined,
      config: { connectRateLimit: false, ...config },
    });
    const fallbacks = createFallbacks(this.manager, systemClock);
    this.#http = createServer((request, response) => {
      if (request.url!.startsWith('/events')) void fallbacks.handleEvents(request, response);
      else if (request.url!.startsWith('/poll')) void fallbacks.handlePoll(request, response);
      else response.writeHead(404).end();
    });
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  get http(): Server {
    return this.#http;
  }

  async start(): Promise<void> {
    this.manager.attach(this.#http);
    await this.manager.start();
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    await this.manager.shutdown();
    this.#http.closeAllConnections();
    this.#http.close();
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Header lines of a user that nobody was before. */
  credential(): string[] {
    return [`Authorization: Bearer user-${++this.#users}`];
  }

  publish(data: Record<string, unknown>, topic = 'orders'): Promise<unknown> {
    return this.manager.publish([{ id: `event-${++this.#events}`, topic, type: 'order_update', timestamp: new Date(systemClock.now()).toISOString(), data }]);
  }
}

/** Who shows this token: `ann~2` is a newer one of ann's. */
function person(token: string): Identity {
  const userId = token.split('~')[0]!;
  return { userId, username: userId, role: token.startsWith('guest') ? 'GUEST' : 'STAFF', sessionId: token };
}
