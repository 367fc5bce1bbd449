import type { ClientEnvelope, ErrorData } from '@clms/protocol';
import { noTimer, type Cancel } from './clock.ts';
import type { Environment } from './environment.ts';
import { RatePacer } from './rate-pacer.ts';

/** Messages kept while away; more are refused at once, so that the caller can tell its user [CL5]. */
const QUEUE_LIMIT = 1_000;
/** What was meant for a moment that is long past is not sent any more. */
const QUEUE_TTL_MS = 5 * 60_000;

/** A message of the application with the id under which its answer comes. */
export type QueuedMessage = ClientEnvelope & { readonly id: string };

interface Entry {
  readonly message: QueuedMessage;
  readonly queuedAt: number;
  /** When it went out on the present connection; undefined = it has to. */
  sentAt: number | undefined;
}

export type SendResult = { readonly kind: 'queued'; readonly id: string } | { readonly kind: 'refused'; readonly reason: 'QUEUE_FULL' };

export interface SendQueueEvents {
  /** Too old, and never answered; the application is told. */
  onExpired(message: QueuedMessage): void;
  /** Answered, so the server has dealt with them. */
  onSettled(ids: readonly string[]): void;
}

/**
 * Messages to the server, in order, each kept until it is answered: a message written to a dead connection goes out again on the next.
 * All client messages bear repetition (acknowledgements and presence by nature, chat by its `clientMessageId`).
 */
export class SendQueue {
  readonly #env: Environment;
  readonly #events: SendQueueEvents;
  readonly #entries = new Map<string, Entry>();
  #write: ((message: QueuedMessage) => boolean) | undefined;
  #pacer: RatePacer | undefined;
  #cancelPump: Cancel = noTimer;
  #cancelExpiry: Cancel | undefined;

  constructor(env: Environment, events: SendQueueEvents) {
    this.#env = env;
    this.#events = events;
  }

  /** Takes a message; one with a known id is already on its way. */
  push(message: QueuedMessage): SendResult {
    if (!this.#entries.has(message.id)) {
      if (this.#entries.size >= QUEUE_LIMIT) return { kind: 'refused', reason: 'QUEUE_FULL' };
      this.#entries.set(message.id, { message, queuedAt: this.#env.now(), sentAt: undefined });
      this.#watchExpiry();
      this.#pump();
    }
    return { kind: 'queued', id: message.id };
  }

  /**
   * A connection that has caught up: what is kept goes out first, at the pace that the server allows. Opening an open queue changes
   * nothing.
   */
  open(write: (message: QueuedMessage) => boolean, limits: { readonly messagesPerSecond: number; readonly burst: number } | undefined): void {
    if (this.#write) return;
    this.#write = write;
    this.#pacer = new RatePacer(this.#env, limits);
    this.#pump();
  }

  /** No connection: whatever is not answered goes out again on the next. */
  suspend(): void {
    this.#write = undefined;
    this.#cancelPump();
    for (const entry of this.#entries.values()) entry.sentAt = undefined;
  }

  /** The server answered this message. A refusal for speed is no answer: the message goes out again when allowed. */
  answered(id: string, error?: ErrorData): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    if (error?.code === 'RATE_LIMIT') {
      entry.sentAt = undefined;
      this.#pacer?.pause(Number(error.details?.['retryAfterMs'] ?? 1_000));
      this.#pump();
      return;
    }
    this.settle([id]);
  }

  /** The server answered a ping: it has dealt with everything that went out before it. */
  provenUntil(pingSentAt: number): void {
    this.settle([...this.#entries.values()].filter(({ sentAt }) => sentAt !== undefined && sentAt < pingSentAt).map(({ message }) => message.id));
  }

  settle(ids: readonly string[]): void {
    const gone = ids.filter((id) => this.#entries.delete(id));
    if (gone.length > 0) this.#events.onSettled(gone);
  }

  /** The end, or another user, in whose name nothing of this one may be said: what was not sent is given up, and said so. */
  close(): void {
    for (const { message, sentAt } of this.#entries.values()) if (sentAt === undefined) this.#events.onExpired(message);
    this.#entries.clear();
    this.#cancelPump();
    this.#cancelExpiry?.();
    this.#cancelExpiry = undefined;
  }

  #pump(): void {
    this.#cancelPump();
    this.#dropExpired();
    for (const entry of this.#entries.values()) {
      if (!this.#write || !this.#pacer) return;
      if (entry.sentAt !== undefined) continue;
      const waitMs = this.#pacer.waitMs();
      if (waitMs > 0) {
        this.#cancelPump = this.#env.setTimer(waitMs, () => this.#pump());
        return;
      }
      if (!this.#write(entry.message)) return;
      this.#pacer.spend(entry.message);
      entry.sentAt = this.#env.now();
    }
  }

  #watchExpiry(): void {
    const [oldest] = this.#entries.values();
    if (this.#cancelExpiry || !oldest) return;
    this.#cancelExpiry = this.#env.setTimer(oldest.queuedAt + QUEUE_TTL_MS - this.#env.now(), () => {
      this.#cancelExpiry = undefined;
      this.#dropExpired();
      this.#watchExpiry();
    });
  }

  #dropExpired(): void {
    for (const [id, { message, queuedAt }] of this.#entries) {
      if (this.#env.now() - queuedAt < QUEUE_TTL_MS) return;
      this.#entries.delete(id);
      this.#events.onExpired(message);
    }
  }
}
