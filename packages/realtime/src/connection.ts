import { CLOSE, type ErrorCode } from '@clms/protocol';
import { framesOf, MOST_BURST_BYTES, type Burst } from './burst.ts';
import type { ResolvedConfig } from './config.ts';
import type { Flusher } from './flusher.ts';
import { Frame } from './frame.ts';
import type { Identity } from './identity.ts';
import { newMessageId } from './message-id.ts';
import type { Counters } from './metrics.ts';
import { OutboundQueue, type EventItem, type Item } from './outbound-queue.ts';
import { RecentCount, TokenBucket } from './rate-limit.ts';
import type { Subscription } from './subscription-index.ts';
import { claim, newSharedWrite, type SharedWrite, type Transport } from './transport.ts';

/** What connections share. */
export interface ConnectionHost {
  readonly config: ResolvedConfig;
  readonly flusher: Flusher;
  readonly counters: Counters;
  /** Machine time, for limits and liveness. */
  now(): number;
  /** Time of the application, for stamps. */
  wallNow(): number;
  /** Called once, whatever ended the connection. */
  closed(connection: Connection, code: number, reason: string): void;
  /** Called when the client stops and starts taking what is written. */
  blocked(connection: Connection, blocked: boolean): void;
}

export interface ConnectionFacts {
  readonly clientId: string;
  readonly identity: Identity;
  readonly address: string;
  readonly userAgent: string | undefined;
  /** The client asked for several messages in one frame (`?batch=1`). */
  readonly batching: boolean;
}

/** Errors and refusals in ten seconds after which a connection is closed [ENV4] [RATE1]. */
const MOST_ERRORS = 20;
const MOST_REFUSALS = 200;

/** One client: who it is, what it follows, what waits for it. Has one exit, `close`. */
export class Connection {
  readonly clientId: string;
  readonly transport: Transport;
  readonly address: string;
  readonly userAgent: string | undefined;
  readonly connectedAtMs: number;
  /** Replaced by `authenticate` and by a change of role. */
  identity: Identity;
  readonly subscriptions = new Map<string, Subscription>();
  readonly bucket: TokenBucket;
  readonly subscribeBucket: TokenBucket;
  lastSeenMs: number;
  /** When the last ping went out; at first, when the connection began. */
  pingedAtMs: number;
  /** Round trip of the last ping, in milliseconds. */
  latencyMs: number | undefined;
  expiryWarned = false;
  /** When the present token was accepted: half of a short life is counted from here. */
  tokenSinceMs: number;
  /** While the client does not take what is written: since when it has taken nothing at all, and how much it had taken by then. */
  stuck: { sinceMs: number; takenBytes: number } | undefined;
  readonly #host: ConnectionHost;
  readonly #queue: OutboundQueue;
  readonly #batching: boolean;
  #errors: RecentCount | undefined;
  #refusals: RecentCount | undefined;
  #waiting = false;
  readonly #roomWaiters: (() => void)[] = [];
  #closed = false;

  constructor(facts: ConnectionFacts, transport: Transport, host: ConnectionHost) {
    this.clientId = facts.clientId;
    this.identity = facts.identity;
    this.address = facts.address;
    this.userAgent = facts.userAgent;
    this.transport = transport;
    this.#batching = facts.batching;
    this.#host = host;
    const now = host.now();
    this.connectedAtMs = host.wallNow();
    this.lastSeenMs = now;
    this.pingedAtMs = now;
    this.tokenSinceMs = now;
    this.bucket = new TokenBucket(host.config.rate, now);
    this.subscribeBucket = new TokenBucket(host.config.subscribeRate, now);
    this.#queue = new OutboundQueue(host.config.queueBytes, host.config.undroppableBytes);
    transport.onDrain = () => this.#drained();
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Rises whenever the client takes something. */
  get takenBytes(): number {
    return this.transport.takenBytes ?? -this.transport.bufferedBytes;
  }

  get queued(): { messages: number; bytes: number } {
    return { messages: this.#queue.length, bytes: this.#queue.bytes + this.transport.bufferedBytes };
  }

  /** Sends a message of the connection's own; never dropped. */
  send(type: string, data: unknown, replyTo?: string): void {
    const wall = this.#host.wallNow();
    const text = JSON.stringify({ id: newMessageId(wall), timestamp: new Date(wall).toISOString(), type, data, ...(replyTo !== undefined && { replyTo }) });
    this.sendFrame(new Frame(text));
  }

  sendFrame(frame: Frame): void {
    this.#push({ kind: 'keep', frame }, '');
  }

  queueEvent(item: EventItem, epoch: string): void {
    this.#push(item, epoch);
  }

  /** Queues events of a group that are still gathering. False = this connection is to get them one by one. */
  queueBurst(burst: Burst): boolean {
    if (!this.#closed && !this.stuck && this.#queue.bytes + burst.bytes > MOST_BURST_BYTES) this.#write(this.#host.flusher.shared);
    if (this.#closed || this.stuck || !this.#queue.pushBurst(burst, this.transport.bufferedBytes)) return false;
    this.#schedule();
    return true;
  }

  /** An event of this topic is not for this connection alone. Said only while nothing is missing: the client would take it for "complete up to here". */
  withheld(topic: string, offset: number): void {
    if (this.#queue.mayPass(topic, offset)) this.send('position', { topic, offset });
  }

  /** [ENV6] An error. Twenty about form in ten seconds end the connection [ENV4]. */
  sendError(code: ErrorCode, message: string, details?: Readonly<Record<string, unknown>>, replyTo?: string): void {
    this.#host.counters.errorsSent++;
    this.send('error', { code, message, ...(details && { details }), timestamp: new Date(this.#host.wallNow()).toISOString() }, replyTo);
    const now = this.#host.now();
    if (code === 'INVALID_MESSAGE' && (this.#errors ??= new RecentCount()).add(now) >= MOST_ERRORS) this.close(CLOSE.POLICY, 'too many invalid messages');
    if (code === 'RATE_LIMIT') {
      this.#host.counters.rateLimited++;
      if ((this.#refusals ??= new RecentCount()).add(now) >= MOST_REFUSALS) this.close(CLOSE.TOO_MANY, 'too many messages');
    }
  }

  /** The subscription starts anew: losses of the old one are of no interest. */
  forgetGaps(topic: string): void {
    this.#queue.forget(topic);
  }

  /** [OUT3] The client is so slow that what it may not lose no longer fits. */
  tooSlow(): void {
    if (this.#closed) return;
    this.#host.counters.slowConsumers++;
    this.close(CLOSE.SLOW_READER, 'reads too slowly');
  }

  /** Resolves when the client has room for more: a long replay goes out at the pace of its reader. */
  async room(): Promise<void> {
    if (!this.stuck && !this.#closed) this.#write(newSharedWrite());
    while (this.stuck && !this.#closed) await new Promise<void>((resolve) => this.#roomWaiters.push(resolve));
  }

  /** Called by the flusher, once a turn. */
  flush(shared: SharedWrite): void {
    this.#waiting = false;
    if (this.#closed || this.stuck) return;
    this.#write(shared);
  }

  /** The one exit. What waits still goes out, if the client takes it. */
  close(code: number, reason: string): void {
    if (this.#closed) return;
    if (!this.stuck) this.#write(newSharedWrite());
    this.#end(code, reason);
    this.transport.close(code, reason);
  }

  /** The other side has gone, or is to go at once. */
  ended(code: number, reason: string): void {
    if (this.#closed) return;
    this.#end(code, reason);
    this.transport.terminate();
  }

  #end(code: number, reason: string): void {
    this.#closed = true;
    this.#queue.clear();
    for (const resume of this.#roomWaiters.splice(0)) resume();
    this.#host.closed(this, code, reason);
  }

  #push(item: Item, epoch: string): void {
    if (this.#closed) return;
    switch (this.#queue.push(item, this.transport.bufferedBytes, epoch)) {
      case 'queued':
        // A burst of one turn must not fill the budget of a client that keeps up.
        if (!this.stuck && this.#queue.bytes > EAGER_WRITE_BYTES) this.#write(this.#host.flusher.shared);
        else this.#schedule();
        return;
      case 'dropped':
        this.#host.counters.droppedMessages++;
        this.#schedule();
        return;
      case 'overflow':
        this.tooSlow();
    }
  }

  #write(shared: SharedWrite): void {
    const { counters } = this.#host;
    let { frames, bytes } = this.#queue.takeFrames();
    // [OUT2] What was lost is told as soon as what was kept has gone out.
    if (this.#queue.hasGaps && this.transport.bufferedBytes === 0) ({ frames, bytes } = framesOf([...frames, ...this.#gapFrames()]));
    if (frames.length === 0) return;
    counters.messagesSent += frames.length;
    counters.bytesSent += bytes;
    if (this.#batching && frames.length > 1) {
      claim(frames, shared);
      frames = [(shared.batch ??= this.#batchFrame(frames))];
    }
    if (!this.transport.write(frames, shared)) {
      this.stuck = { sinceMs: this.#host.now(), takenBytes: this.takenBytes };
      this.#host.blocked(this, true);
    }
  }

  #drained(): void {
    if (this.#closed || !this.stuck) return;
    this.stuck = undefined;
    this.#host.blocked(this, false);
    this.#schedule();
    for (const resume of this.#roomWaiters.splice(0)) resume();
  }

  #schedule(): void {
    if (this.#waiting || this.stuck) return;
    this.#waiting = true;
    this.#host.flusher.add(this);
  }

  #gapFrames(): Frame[] {
    const wall = this.#host.wallNow();
    return this.#queue
      .takeGaps()
      .map(({ topic, from, to, epoch }) => new Frame(JSON.stringify({ id: newMessageId(wall), timestamp: new Date(wall).toISOString(), type: 'gap', data: { topic, from, to, reason: 'SLOW', epoch } })));
  }

  #batchFrame(frames: readonly Frame[]): Frame {
    const wall = this.#host.wallNow();
    const parts: Buffer[] = [Buffer.from(`{"id":"${newMessageId(wall)}","timestamp":"${new Date(wall).toISOString()}","type":"batch","data":{"messages":[`)];
    for (const [index, frame] of frames.entries()) {
      if (index > 0) parts.push(COMMA);
      parts.push(frame.payload);
    }
    parts.push(BATCH_END);
    return new Frame(Buffer.concat(parts));
  }
}

/** Written before the end of the turn once this much waits. */
const EAGER_WRITE_BYTES = 256 * 1024;
const COMMA = Buffer.from(',');
const BATCH_END = Buffer.from(']}}');
