import type { ClientEnvelope, ServerEnvelope, ServerMessageData } from '@clms/protocol';
import type { Cancel } from './clock.ts';
import type { TransportKind } from './connection-state.ts';
import type { Environment } from './environment.ts';
import { stretch } from './backoff.ts';
import { Liveness } from './liveness.ts';
import { topicOfAnswer } from './session-sink.ts';
import type { Transport, TransportEnd, TransportEvents } from './transport.ts';

/** A server that does not welcome within this time is not going to. */
const WELCOME_WITHIN_MS = 10_000;
/** Assumed until the welcome tells. */
const HEARTBEAT_MS = 30_000;

export interface SessionEvents {
  /** The server took us; `welcome` is missing where the transport does without. */
  onReady(welcome: ServerMessageData<'welcome'> | undefined): void;
  onFrame(frame: ServerEnvelope): void;
  /** A ping that left at `sentAt` was answered. */
  onPong(data: ServerMessageData<'pong'>, sentAt: number): void;
  onMalformed(text: string): void;
  /** Once; `ready` tells whether it had been welcomed. */
  onEnd(end: TransportEnd, ready: boolean): void;
}

export type OpenTransport = (events: TransportEvents) => Transport;

/** One transport from its opening to its end, with the welcome awaited and, on a WebSocket, its life watched. */
export class Session {
  readonly kind: TransportKind;
  readonly token: string;
  /** As welcomed. */
  role: string | undefined;
  /** Delay that a `reconnect` message advised, in milliseconds. */
  advisedMs = 0;
  /** Id of the newest `subscribe` of each topic. */
  readonly asking: Record<string, string> = {};
  readonly #env: Environment;
  readonly #events: SessionEvents;
  readonly #transport: Transport;
  #state: 'opening' | 'ready' | 'ended' = 'opening';
  #cancelDeadline: Cancel;
  #liveness: Liveness | undefined;
  /** Pings on their way, by message id; answered ones and all before them leave. */
  readonly #pings = new Map<string, number>();

  constructor(env: Environment, token: string, kind: TransportKind, open: OpenTransport, events: SessionEvents) {
    this.#env = env;
    this.#events = events;
    this.kind = kind;
    this.token = token;
    this.#cancelDeadline = env.setTimer(WELCOME_WITHIN_MS * stretch(env), () => this.#fail('no welcome'));
    this.#transport = open({
      onReady: () => this.#ready(undefined),
      onFrame: (frame) => this.#frame(frame),
      onLife: () => this.#liveness?.sign(),
      onMalformed: events.onMalformed,
      onEnd: (end) => this.#end(end),
    });
  }

  get ready(): boolean {
    return this.#state === 'ready';
  }

  /** False = it cannot go out here: the way is read-only, not ready, or dead without knowing it yet. */
  send(message: ClientEnvelope): boolean {
    if (this.#state !== 'ready' || !this.#transport.send) return false;
    if (this.#liveness?.expired) {
      this.#fail('no sign of life');
      return false;
    }
    this.#transport.send(message);
    return true;
  }

  resubscribe(): void {
    this.#transport.resubscribe?.();
  }

  /** The page is looked at again, or the network is back. */
  wake(): void {
    this.#liveness?.verify();
  }

  /** Ends without a word to the owner. */
  close(): void {
    if (this.#state === 'ended') return;
    this.#stop();
    this.#transport.close();
  }

  #frame(frame: ServerEnvelope): void {
    this.#liveness?.sign();
    // An answer to one that another has followed would pass for the answer to that.
    const topic = topicOfAnswer(frame);
    if (topic !== undefined && this.asking[topic] !== frame.replyTo) return;
    if (frame.type === 'welcome') this.#ready(frame.data as ServerMessageData<'welcome'>);
    if (frame.type === 'reconnect') this.advisedMs = (frame.data as ServerMessageData<'reconnect'>).delayMs;
    if (frame.type === 'pong') this.#pong(frame);
    if (this.#state !== 'ended') this.#events.onFrame(frame);
  }

  #pong({ replyTo = '', data }: ServerEnvelope): void {
    const sentAt = this.#pings.get(replyTo);
    for (const id of this.#pings.keys()) {
      this.#pings.delete(id);
      if (id === replyTo) break;
    }
    if (sentAt !== undefined) this.#events.onPong(data as ServerMessageData<'pong'>, sentAt);
  }

  #ready(welcome: ServerMessageData<'welcome'> | undefined): void {
    if (this.#state !== 'opening') return;
    this.#state = 'ready';
    this.role = welcome?.role;
    this.#cancelDeadline();
    if (this.kind === 'ws') {
      this.#liveness = new Liveness(this.#env, welcome?.heartbeatInterval ?? HEARTBEAT_MS, {
        ping: () => this.#ping(),
        dead: () => this.#fail('no sign of life'),
      });
    }
    this.#events.onReady(welcome);
  }

  #ping(): void {
    const id = `ping_${this.#env.newId()}`;
    const now = this.#env.now();
    this.#pings.set(id, now);
    this.#transport.send?.({ type: 'ping', id, data: { timestamp: new Date(now).toISOString() } });
  }

  #fail(reason: string): void {
    if (this.#state === 'ended') return;
    this.#transport.close(reason);
    this.#end({ code: 1006, reason });
  }

  #end(end: TransportEnd): void {
    if (this.#state === 'ended') return;
    const ready = this.ready;
    this.#stop();
    this.#events.onEnd(end, ready);
  }

  #stop(): void {
    this.#state = 'ended';
    this.#cancelDeadline();
    this.#liveness?.close();
  }
}
