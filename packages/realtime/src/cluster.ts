import { randomBytes } from 'node:crypto';
import type { Broker, Signal } from './broker.ts';
import type { Clock } from './clock.ts';
import { asManagerSignal, type ManagerSignal, type Order, type Question } from './signals.ts';
import { addStatuses, type ManagerStatus } from './status.ts';

/** A node that has said nothing for this long is gone, and what it told is forgotten. */
const NODE_GONE_AFTER_MS = 15_000;
const STATUS_EVERY_MS = 5000;
/** How long the others may take to answer. */
const PATIENCE_MS = 1000;
/** Orders kept while the others cannot be reached; beyond, the oldest is forgotten, and its sockets end with their tokens. */
const MOST_UNTOLD = 1000;

export interface ClusterOptions {
  readonly nodeId: string;
  readonly broker: Pick<Broker, 'kind' | 'signal' | 'health'>;
  readonly clock: Clock;
  status(): ManagerStatus;
  /** Carries out what concerns this node's connections. */
  obey(order: Order): void;
  /** This node's answer to a question of another. */
  answer(question: Question): unknown;
  onError(error: unknown, doing: string): void;
}

interface OtherNode {
  readonly status: ManagerStatus;
  readonly seenMs: number;
}

interface Asked {
  readonly waitingFor: Set<string>;
  readonly answers: unknown[];
  finish(): void;
}

/** What this node knows of the others and tells them, over the broker's signals. With a broker of one process there are no others. */
export class Cluster {
  readonly #options: ClusterOptions;
  readonly #others = new Map<string, OtherNode>();
  readonly #asked = new Map<string, Asked>();
  readonly #alone: boolean;
  /** [AUTH4] Sessions that ended while the others could not be reached: they hear of it when they can. */
  #untold: Order[] = [];
  #toldMs = Number.NEGATIVE_INFINITY;
  #left = false;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#alone = options.broker.kind === 'memory';
  }

  /** Gives an order to every node. This one obeys at once, whether or not the others can be reached. */
  order(order: Order): void {
    this.#options.obey(order);
    if (!this.#alone) this.#tell(order);
  }

  receive(raw: Signal): void {
    const signal = asManagerSignal(raw);
    switch (signal?.kind) {
      case 'order': return signal.nodeId === this.#options.nodeId ? undefined : this.#options.obey(signal.order);
      case 'status': return this.#heard(signal.nodeId, signal.status);
      case 'left': return this.#forget(signal.nodeId);
      case 'question': return this.#answer(signal);
      case 'answer': return this.#answered(signal);
      case undefined:
    }
  }

  /** Looked at once a second: tells the others how this node is, forgets those that are gone. */
  sweep(nowMs: number): void {
    for (const [nodeId, { seenMs }] of this.#others) if (nowMs - seenMs > NODE_GONE_AFTER_MS) this.#forget(nodeId);
    if (this.#options.broker.health().state === 'ok') for (const order of this.#untold.splice(0)) this.#tell(order);
    if (!this.#alone && nowMs - this.#toldMs >= STATUS_EVERY_MS) this.introduce(nowMs);
  }

  /** Tells the others of this node; they answer in kind when it is new to them. */
  introduce(nowMs: number): void {
    if (this.#alone || this.#left) return;
    this.#toldMs = nowMs;
    void this.#send({ kind: 'status', nodeId: this.#options.nodeId, status: this.#options.status() });
  }

  /** Says goodbye, so that the others forget this node at once. Resolves when that is said, or cannot be. */
  async leave(): Promise<void> {
    if (this.#alone) return;
    this.#left = true;
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.setTimer(PATIENCE_MS, resolve);
      void this.#send({ kind: 'left', nodeId: this.#options.nodeId }).then(() => {
        cancel();
        resolve();
      });
    });
  }

  status(): ManagerStatus {
    return addStatuses([this.#options.status(), ...[...this.#others.values()].map(({ status }) => status)]);
  }

  /** The answers of the other nodes; those that do not answer in a second are left out. */
  async ask(question: Question): Promise<unknown[]> {
    if (this.#others.size === 0) return [];
    const id = randomBytes(8).toString('hex');
    return new Promise((resolve) => {
      const answers: unknown[] = [];
      const finish = (): void => {
        cancel();
        this.#asked.delete(id);
        resolve(answers);
      };
      const cancel = this.#options.clock.setTimer(PATIENCE_MS, finish);
      this.#asked.set(id, { waitingFor: new Set(this.#others.keys()), answers, finish });
      void this.#send({ kind: 'question', id, nodeId: this.#options.nodeId, question }, finish);
    });
  }

  #tell(order: Order): void {
    void this.#send({ kind: 'order', nodeId: this.#options.nodeId, order }, () => {
      // Presence is repeated anyway.
      if (order.kind !== 'presence') this.#untold = [...this.#untold, order].slice(-MOST_UNTOLD);
    });
  }

  #heard(nodeId: string, status: ManagerStatus): void {
    if (nodeId === this.#options.nodeId) return;
    const seenMs = this.#options.clock.now();
    const isNew = !this.#others.has(nodeId);
    this.#others.set(nodeId, { status, seenMs });
    if (isNew) this.introduce(seenMs);
  }

  #answer({ id, nodeId, question }: ManagerSignal & { kind: 'question' }): void {
    if (nodeId !== this.#options.nodeId) void this.#send({ kind: 'answer', id, nodeId: this.#options.nodeId, answer: this.#options.answer(question) });
  }

  /** What it told means nothing any more, and nobody waits for its answers. */
  #forget(nodeId: string): void {
    this.#others.delete(nodeId);
    for (const asked of this.#asked.values()) if (asked.waitingFor.delete(nodeId) && asked.waitingFor.size === 0) asked.finish();
  }

  #answered({ id, nodeId, answer }: ManagerSignal & { kind: 'answer' }): void {
    const asked = this.#asked.get(id);
    if (!asked?.waitingFor.delete(nodeId)) return;
    asked.answers.push(answer);
    if (asked.waitingFor.size === 0) asked.finish();
  }

  /** Resolves when it is sent, or has failed and that is told. */
  async #send(signal: ManagerSignal, otherwise?: () => void): Promise<void> {
    try {
      await this.#options.broker.signal(signal as unknown as Signal);
    } catch (error) {
      otherwise?.();
      this.#options.onError(error, `telling the other nodes (${signal.kind})`);
    }
  }
}
