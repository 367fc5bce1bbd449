import type { ServerEnvelope } from '@clms/protocol';
import type { WebSocketLike } from '../src/environment.ts';

export interface SentMessage {
  readonly type: string;
  readonly id: string;
  readonly data: Record<string, unknown>;
}

/** The server's end of a scripted connection: what the client wrote, and frames for it to read. */
export class FakeSocket implements WebSocketLike {
  readonly url: string;
  readonly protocols: readonly string[];
  readonly sent: SentMessage[] = [];
  /** The server, or the network, ended it. */
  ended = false;
  closedWith: { readonly code: number | undefined; readonly reason: string | undefined } | undefined;
  #frames = 0;
  readonly #whenAwake: (what: () => void) => void;
  readonly #listeners = new Map<string, (event: never) => void>();

  /** `whenAwake` runs what arrives, or keeps it while the page is frozen. */
  constructor(url: string, protocols: readonly string[], whenAwake = (what: () => void) => what()) {
    this.#whenAwake = whenAwake;
    this.url = url;
    this.protocols = protocols;
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    this.#listeners.set(type, listener);
  }

  #fire(type: string, event: unknown): void {
    this.#whenAwake(() => this.#listeners.get(type)?.(event as never));
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data) as SentMessage);
  }

  close(code?: number, reason?: string): void {
    this.closedWith = { code, reason };
  }

  of(type: string): SentMessage[] {
    return this.sent.filter((message) => message.type === type);
  }

  last(type: string): SentMessage {
    const message = this.of(type).at(-1);
    if (!message) throw new Error(`no ${type} was sent`);
    return message;
  }

  /** The newest `subscribe` of a topic. */
  subscribeOf(topic: string): SentMessage {
    const message = this.of('subscribe').findLast(({ data }) => data['topic'] === topic);
    if (!message) throw new Error(`no subscribe of ${topic} was sent`);
    return message;
  }

  receive(type: string, data: unknown, more: Partial<ServerEnvelope> = {}): void {
    const frame = { id: `msg_${++this.#frames}`, timestamp: '2026-03-02T08:00:00.000Z', type, data, ...more };
    this.#fire('message', { data: JSON.stringify(frame) });
  }

  welcome(more: Record<string, unknown> = {}): void {
    this.receive('welcome', {
      clientId: 'client_1', userId: 'usr_ana', username: 'ana', role: 'LIBRARIAN', serverTime: '2026-03-02T08:00:00.000Z', availableSubscriptions: [],
      protocol: 'clms.v1', sessionId: 'ses_1', heartbeatInterval: 30_000, tokenExpiresAt: null,
      limits: { maxPayload: 1_048_576, messagesPerSecond: 20, burst: 40, maxSubscriptions: 32 }, ...more,
    });
  }

  /** Answers the newest `subscribe` of a topic. */
  subscribed(topic: string, data: Record<string, unknown>): void {
    const request = this.subscribeOf(topic);
    this.receive('subscribed', { topic, filters: request.data['filters'] ?? {}, epoch: 'e1', ...data }, { replyTo: request.id });
  }

  event(topic: string, offset: number, prev: number, type: string, data: unknown, more: Partial<ServerEnvelope> = {}): void {
    this.receive(type, data, { id: `evt_${topic}_${offset}`, topic, offset, prev, ...more });
  }

  /** Answers the newest `ping`. */
  pong(positions: Record<string, { epoch: string; offset: number; prev: number }> = {}, serverTime = '2026-03-02T08:00:00.000Z'): void {
    const ping = this.last('ping');
    this.receive('pong', { timestamp: ping.data['timestamp'], serverTime, positions }, { replyTo: ping.id });
  }

  end(code: number, reason = ''): void {
    this.ended = true;
    this.#fire('close', { code, reason });
  }
}
