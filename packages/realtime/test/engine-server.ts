import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MemoryBroker } from '../src/broker-memory.ts';
import { systemClock } from '../src/clock.ts';
import type { ManagerConfig } from '../src/config.ts';
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

/** An engine on a port of its own, without the limits that a test of frames would meet first. */
export class EngineServer {
  readonly manager: WebSocketManager;
  readonly #http: Server = createServer((_, response) => response.writeHead(404).end());
  #users = 0;
  #events = 0;

  constructor(config: ManagerConfig = {}) {
    this.manager = new WebSocketManager({
      topics: [orders],
      broker: new MemoryBroker({ clock: systemClock }),
      clock: systemClock,
      authenticate: async (credential) => ({ kind: 'ok', identity: person('token' in credential ? credential.token : credential.ticket) }),
      securityLog: () => undefined,
      config: { connectRateLimit: false, ...config },
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

  /** Header lines of a user that nobody was before. */
  credential(): string[] {
    return [`Authorization: Bearer user-${++this.#users}`];
  }

  publish(data: Record<string, unknown>): Promise<unknown> {
    return this.manager.publish([{ id: `event-${++this.#events}`, topic: 'orders', type: 'order_update', timestamp: new Date(systemClock.now()).toISOString(), data }]);
  }
}

function person(token: string): Identity {
  return { userId: token, username: token, role: 'STAFF', sessionId: token };
}
