import { MemoryBroker } from '../src/broker-memory.ts';
import type { ManagerConfig } from '../src/config.ts';
import type { AuthResult, Commands } from '../src/event-handlers.ts';
import type { Identity } from '../src/identity.ts';
import type { InboundLane } from '../src/inbound-lane.ts';
import { ManualClock } from '../src/manual-clock.ts';
import type { TopicDefinition } from '../src/topic.ts';
import { WebSocketManager } from '../src/websocket-manager.ts';
import { ModelTransport } from './model-transport.ts';

const orders: TopicDefinition = {
  name: 'orders',
  filters: { shop: 'open', state: ['NEW', 'PAID'] },
  delivery: 'droppable',
  eventTypes: ['order_update'],
  audience: ({ role }) => (role === 'GUEST' ? undefined : { key: role }),
  project: ({ data }) => data,
  snapshot: async () => [],
};

/** A client that a test speaks for. */
export class Guest {
  readonly messages: any[] = [];
  readonly codes: number[] = [];
  readonly transport: ModelTransport;
  lane: InboundLane | undefined;

  constructor() {
    this.transport = new ModelTransport((text) => this.messages.push(JSON.parse(text)));
    this.transport.onClosed = (code) => this.codes.push(code);
  }

  say(message: unknown): void {
    this.lane?.receive(typeof message === 'string' ? message : JSON.stringify(message));
  }

  of(type: string): any[] {
    return this.messages.filter((message) => message.type === type);
  }
}

export interface TrialOptions {
  readonly config?: ManagerConfig;
  readonly commands?: Commands;
  authenticate?(token: string): AuthResult;
}

/** An engine on a clock of the test's own, with clients in memory. */
export class EngineTrial {
  readonly clock = new ManualClock(Date.UTC(2030, 0, 15, 12));
  readonly manager: WebSocketManager;
  readonly #turn: (() => void)[] = [];

  constructor({ config, commands, authenticate }: TrialOptions = {}) {
    this.manager = new WebSocketManager({
      topics: [orders],
      authenticate: async (credential) => ('token' in credential && authenticate?.(credential.token)) || { kind: 'refused', status: 401, reason: 'not known' },
      broker: new MemoryBroker({ clock: this.clock }),
      clock: this.clock,
      ...(commands && { commands }),
      ...(config && { config }),
      defer: (work) => void this.#turn.push(work),
    });
  }

  async enter(identity: Partial<Identity> = {}): Promise<Guest> {
    await this.manager.start();
    const guest = this.enterAtOnce(identity);
    await this.settle();
    return guest;
  }

  /** In the middle of a turn. */
  enterAtOnce(identity: Partial<Identity> = {}): Guest {
    const guest = new Guest();
    const userId = identity.userId ?? 'ann';
    guest.lane = this.manager.connect({ userId, username: userId, role: 'STAFF', sessionId: userId, ...identity }, { address: '', origin: undefined, userAgent: undefined }, guest.transport)?.lane;
    return guest;
  }

  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      await new Promise<void>((resolve) => void setImmediate(resolve));
      if (this.#turn.length > 0) quiet = -1;
      for (const work of this.#turn.splice(0)) work();
    }
  }

  async later(ms: number): Promise<void> {
    await this.clock.advanceAsync(ms, () => this.settle());
  }
}
