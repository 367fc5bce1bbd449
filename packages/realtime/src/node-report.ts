import type { ClientManager } from './client-manager.ts';
import type { Clock } from './clock.ts';
import { RateMeter, type Counters } from './metrics.ts';
import { statusOf, type ManagerStatus, type NodeStatus } from './status.ts';

/** Whoever looks now and then still sees that a slow reader was ended. */
const SLOW_REMEMBERED_MS = 60_000;

export interface NodeReportOptions {
  readonly nodeId: string;
  readonly version: string;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly clients: ClientManager;
  state(): NodeStatus['state'];
  /** Subscriptions by topic. */
  byTopic(): Readonly<Record<string, number>>;
}

/** How this node is doing, at any moment. */
export class NodeReport {
  readonly #options: NodeReportOptions;
  readonly #startedMs: number;
  readonly #messages = new RateMeter();
  readonly #slow = new RateMeter(SLOW_REMEMBERED_MS);

  constructor(options: NodeReportOptions) {
    this.#options = options;
    this.#startedMs = options.clock.now();
  }

  /** Once a second: rates are made of these samples. */
  sample(nowMs: number): void {
    this.#messages.sample(this.#moved, nowMs);
    this.#slow.sample(this.#options.counters.slowConsumers, nowMs);
  }

  node(): NodeStatus {
    const { nodeId, version, clock, clients } = this.#options;
    return { nodeId, version, uptimeSeconds: Math.floor((clock.now() - this.#startedMs) / 1000), state: this.#options.state(), activeConnections: clients.size };
  }

  status(): ManagerStatus {
    const { counters, clients, clock } = this.#options;
    const messagesPerSecond = this.#messages.perSecond(this.#moved, clock.now());
    return statusOf({ counters, connections: [...clients.all()], byRole: clients.getStats().byRole, byTopic: this.#options.byTopic(), messagesPerSecond, endedAsSlow: this.#slow.rise(counters.slowConsumers), node: this.node() });
  }

  get #moved(): number {
    const { messagesSent, messagesReceived } = this.#options.counters;
    return messagesSent + messagesReceived;
  }
}
