import type { ClientEnvelope, ErrorData, ServerEnvelope, ServerMessageData, SubscribableTopic, TopicFilters } from '@clms/protocol';
import type { Cancel } from './clock.ts';
import type { ConnectionState } from './connection-state.ts';
import { debugLog } from './debug-log.ts';
import type { ClientNotice, HandledEvent } from './client-news.ts';
import { topicOfAnswer } from './session-sink.ts';
import { Emitter } from './emitter.ts';
import type { Environment } from './environment.ts';
import { matchesFilters, normalFilters, type WireFilters } from './filters.ts';
import { hostEnvironment } from './host-environment.ts';
import type { IdentitySource, Link, LinkEvents } from './link.ts';
import { openLink, type RealtimeClientOptions } from './open-link.ts';
import { ManualHolds } from './manual-holds.ts';
import { SendQueue, type QueuedMessage, type SendResult } from './send-queue.ts';
import { ServerClock } from './server-clock.ts';
import { TopicHub } from './topic-hub.ts';
import { isKnownTopic } from './topic-reducers.ts';
import { topicView, type TopicView } from './topic-view.ts';
import { INBOX } from './wire-constants.ts';

/** The server's messages per batch [§3]. */
const BATCH_LIMIT = 100;

/** The live side of CLMS for one page: a connection that comes back by itself, and the topics held by whoever needs them. */
export class RealtimeClient {
  readonly #env: Environment;
  readonly #hub: TopicHub;
  readonly #manual: ManualHolds;
  readonly #queue: SendQueue;
  readonly #serverClock: ServerClock;
  readonly #link: Link;
  readonly #states: Emitter<ConnectionState>;
  readonly #messages: Emitter<ServerEnvelope>;
  readonly #notices: Emitter<ClientNotice>;
  readonly #debug: (text: string, detail?: unknown) => void;
  #identities: Partial<Record<IdentitySource, string>> = {};
  #retained = 0;

  constructor(options: RealtimeClientOptions) {
    const env = (this.#env = options.environment ?? hostEnvironment());
    this.#debug = debugLog(env);
    this.#states = new Emitter(env);
    this.#messages = new Emitter(env);
    this.#notices = new Emitter(env);
    this.#serverClock = new ServerClock(env);
    this.#hub = new TopicHub(env, {
      onMessage: (frame) => this.#messages.emit(frame),
      onReset: (topic) => this.#notices.emit({ kind: 'reset', topic }),
      onSettled: () => this.#settled(),
    });
    // Direct messages are for whoever is signed in, asked for or not.
    this.#hub.hold(INBOX, {});
    this.#manual = new ManualHolds(this.#hub);
    this.#queue = new SendQueue(env, {
      onExpired: (message) => this.#notices.emit({ kind: 'message_expired', message }),
      onSettled: (ids) => this.#link.settled(ids),
    });
    this.#link = openLink(
      {
        env,
        options,
        hub: this.#hub,
        relay: (message) => this.#queue.push(message),
        onSettled: (ids) => this.#queue.settle(ids),
        serverNow: () => this.serverNow(),
      },
      this.#linkEvents(),
    );
  }

  get state(): ConnectionState {
    return this.#link.state;
  }

  /** The server's time, milliseconds since the epoch: count down to its instants with this, not with the device's clock. */
  serverNow(): number {
    return this.#serverClock.now();
  }

  /** Opens the connection, or tries at once if it is waiting or needed a token. */
  connect(): void {
    this.#link.start();
  }

  /** Ends the connection. What is held stays held for the next `connect`; messages not sent yet are given up, each with a notice. */
  close(reason = 'closed by the application'): void {
    this.#link.close(reason);
    this.#queue.close();
  }

  /** Another user signed in, or this one again: takes a new token and starts over with it. */
  reauthenticate(): void {
    this.#link.restart();
  }

  /** Connected while at least one holder is there; a holder that comes back in the same turn finds the connection open. */
  retain(): () => void {
    this.#retained++;
    this.connect();
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#env.setTimer(0, () => {
        if (--this.#retained === 0) this.close();
      });
    };
  }

  onState(listener: (state: ConnectionState) => void): () => void {
    return this.#states.on(listener);
  }

  /** Every message of the server but pure bookkeeping (`pong`, `position`); topic events once each, in order. */
  onMessage(listener: (message: ServerEnvelope) => void): () => void {
    return this.#messages.on(listener);
  }

  onNotice(listener: (notice: ClientNotice) => void): () => void {
    return this.#notices.on(listener);
  }

  /** A topic as a store, held while somebody listens to it. */
  topic<T extends SubscribableTopic>(topic: T, filters?: TopicFilters<T>): TopicView<T> {
    return topicView(this.#hub, topic, filters);
  }

  /** Holds a topic until the returned function is called, and hands each of its events that passes the filters to `handler`. */
  subscribe<T extends SubscribableTopic>(topic: T, filters?: TopicFilters<T>, handler?: (event: HandledEvent<T>) => void): () => void {
    const wanted = normalFilters(filters);
    const unlisten = handler && this.#messages.on((frame) => {
      if (frame.topic === topic && matchesFilters(topic, frame.data, wanted)) handler(frame as HandledEvent<T>);
    });
    const release = this.#hub.hold(topic, wanted);
    return () => {
      unlisten?.();
      release();
    };
  }

  /** Holds a topic by name, until as many `unsubscribeFrom` calls as there were of this. */
  subscribeTo<T extends SubscribableTopic>(topic: T, filters?: TopicFilters<T>): void {
    this.#manual.subscribe(topic, normalFilters(filters));
  }

  unsubscribeFrom(topic: SubscribableTopic): void {
    this.#manual.unsubscribe(topic);
  }

  /**
   * Sends a message now, or when the connection is back (at most 1,000 wait, for 5 minutes at most). `subscribe` and `unsubscribe`
   * become holds, so that they survive a reconnect. Answers come by `onMessage` with `replyTo` = the id given or returned here.
   */
  sendMessage(message: ClientEnvelope): SendResult {
    const type = message.type.toLowerCase();
    const id = message.id ?? this.#env.newId();
    const data = message.data as { topic?: string; filters?: WireFilters; messages?: ClientEnvelope[] } | undefined;
    const topic = data?.topic;
    if ((type === 'subscribe' || type === 'unsubscribe') && topic !== undefined && isKnownTopic(topic)) {
      if (type === 'subscribe') this.#manual.subscribeByMessage(topic, normalFilters(data?.filters));
      else this.#manual.unsubscribeByMessage(topic);
      return { kind: 'queued', id };
    }
    if (type === 'batch' && data?.messages) return this.sendBatch(data.messages, id);
    return this.#enqueue({ ...message, type, id });
  }

  /** Sends messages in one frame per hundred, which costs less of the rate limit. */
  sendBatch(messages: readonly ClientEnvelope[], batchId: string = this.#env.newId()): SendResult {
    const plain: QueuedMessage[] = [];
    for (const message of messages) {
      if (/^(un)?subscribe$/i.test(message.type)) this.sendMessage(message);
      else plain.push({ ...message, id: message.id ?? this.#env.newId() });
    }
    for (let at = 0; at < plain.length; at += BATCH_LIMIT) {
      const id = at === 0 ? batchId : `${batchId}-${at}`;
      const result = this.#enqueue({ type: 'batch', id, data: { messages: plain.slice(at, at + BATCH_LIMIT), batchId: id } });
      if (result.kind === 'refused') return result;
    }
    return { kind: 'queued', id: batchId };
  }

  /** Runs `fire` later, by the client's clock. */
  afterMs(delayMs: number, fire: () => void): Cancel {
    return this.#env.setTimer(delayMs, fire);
  }

  #enqueue(message: QueuedMessage): SendResult {
    this.#debug(`> ${message.type}`, message.data);
    return this.#queue.push(message);
  }

  #linkEvents(): LinkEvents {
    return {
      onState: (state) => {
        this.#debug(`state ${state.state}`, state);
        this.#states.emit(state);
      },
      onIdentity: (id, source) => this.#identity(id, source),
      onConnected: (sink) => this.#hub.connected(sink),
      onFrame: (frame) => this.#frame(frame),
      onPong: (data, sentAt) => {
        this.#serverClock.ponged(data.serverTime, sentAt);
        this.#queue.provenUntil(sentAt);
      },
      onLost: () => {
        this.#hub.disconnected();
        this.#queue.suspend();
      },
      onProblem: (text) => {
        this.#debug(`problem: ${text}`);
        this.#notices.emit({ kind: 'problem', text });
      },
    };
  }

  #frame(frame: ServerEnvelope): void {
    this.#debug(`< ${frame.type}`, frame);
    if (frame.type === 'batch') {
      for (const inner of (frame.data as { messages: ServerEnvelope[] }).messages) this.#frame(inner);
      return;
    }
    if (frame.type === 'welcome') this.#serverClock.welcomed((frame.data as ServerMessageData<'welcome'>).serverTime);
    const error = frame.type === 'error' ? (frame.data as ErrorData) : undefined;
    // Without a socket a subscription has no message of its own to answer; the error says which topic it is about.
    const topic = topicOfAnswer(frame) ?? error?.details?.['topic'];
    if (error && topic !== undefined) this.#hub.refused(String(topic), error);
    if (frame.replyTo !== undefined) this.#queue.answered(frame.replyTo, error);
    this.#hub.handle(frame);
  }

  #settled(): void {
    this.#link.caughtUp();
    if (this.#link.state.state === 'live') this.#queue.open((message) => this.#link.send(message), this.#link.limits);
  }

  #identity(id: string, source: IdentitySource): void {
    const before = this.#identities[source];
    if (before === undefined || before === id) {
      this.#identities[source] = id;
      return;
    }
    this.#identities = { [source]: id };
    this.#hub.clear();
    this.#queue.close();
    this.#notices.emit({ kind: 'user_changed' });
  }
}
