import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { CLIENT_MESSAGE_TYPES, CLOSE, CUSTOM_TYPE, INBOX, SERVER_MESSAGE_TYPES } from '@clms/protocol';
import type { NewEvent, Signal, Target, TopicEvent, TopicPosition } from './broker.ts';
import { ClientManager } from './client-manager.ts';
import { systemClock, type Clock } from './clock.ts';
import { resolveConfig, type ResolvedConfig } from './config.ts';
import { Connection, type ConnectionHost } from './connection.ts';
import { drain } from './drain.ts';
import type { HandlerContext } from './event-handlers.ts';
import { fanOut } from './fan-out.ts';
import { Flusher } from './flusher.ts';
import type { Identity } from './identity.ts';
import { InboundLane } from './inbound-lane.ts';
import { Inbox } from './inbox.ts';
import { statusData, welcomeData } from './introductions.ts';
import type { ManagerOptions, OutgoingMessage } from './manager-options.ts';
import { Liveness } from './liveness.ts';
import { newClientId, newMessageId } from './message-id.ts';
import { newCounters, RateMeter, type Counters } from './metrics.ts';
import { Presence } from './presence.ts';
import { BucketMap } from './rate-limit.ts';
import { RecentEvents } from './recent-events.ts';
import { endSubscription, joinInbox, rejudge } from './resume.ts';
import { asManagerSignal, type ManagerSignal } from './signals.ts';
import { addStatuses, connectionInfo, type ConnectionInfo, type ManagerStatus, type NodeStatus } from './status.ts';
import { SubscriptionIndex } from './subscription-index.ts';
import type { TopicDefinition } from './topic.ts';
import type { Transport } from './transport.ts';
import { factsOf, judge, refusal, type Credential, type JudgeContext, type Judgement, type RequestFacts, type SecurityEntry } from './upgrade.ts';
import { openDoor, pathOf } from './upgrade-door.ts';
import { WsServer } from './ws-socket.ts';

/** A node forgets the status of another after this long. */
const STATUS_KEPT_MS = 15_000;
const STATUS_EVERY_MS = 5000;
/** Read at start, so that the first subscribers get the `prev` that is true. */
const EARLIER_EVENTS = 500;

const COULD_NOT_CHECK = { kind: 'refuse', status: 503, reason: 'the server could not check this request', retryAfter: 5 } as const;

/** The public face of the engine. */
export class WebSocketManager {
  readonly clients: ClientManager;
  readonly config: ResolvedConfig;
  readonly counters: Counters = newCounters();
  readonly presence: Presence;
  readonly nodeId: string;
  readonly #options: ManagerOptions;
  readonly #clock: Clock;
  readonly #wallNow: () => number;
  readonly #recent = new RecentEvents();
  readonly #index = new SubscriptionIndex((rules, position) => this.#recent.lastMatch(rules, position));
  readonly #inbox: Inbox;
  readonly #topics: ReadonlyMap<string, TopicDefinition>;
  readonly #flusher: Flusher;
  readonly #host: ConnectionHost;
  readonly #handlers: HandlerContext;
  readonly #judging: JudgeContext;
  readonly #liveness: Liveness;
  readonly #wsServer: WsServer;
  readonly #userBuckets: BucketMap;
  readonly #addressBuckets: BucketMap | undefined;
  readonly #blocked = new Set<Connection>();
  readonly #detach: (() => void)[] = [];
  readonly #others = new Map<string, { readonly status: ManagerStatus; readonly atMs: number }>();
  readonly #sent = new RateMeter();
  readonly #startedMs: number;
  #statusAtMs = 0;
  #started: Promise<void> | undefined;
  #draining = false;
  #closing: Promise<void> | undefined;

  constructor(options: ManagerOptions) {
    this.#options = options;
    this.config = resolveConfig(options.config ?? {});
    const clock = options.clock ?? systemClock;
    this.#clock = clock;
    this.#wallNow = options.wallNow ?? (() => clock.now());
    this.nodeId = options.nodeId ?? `node_${randomBytes(4).toString('hex')}`;
    this.#startedMs = clock.now();
    this.clients = new ClientManager(() => clock.now());
    this.#inbox = new Inbox(this.#wallNow);
    this.#topics = new Map([...options.topics, this.#inbox.definition as TopicDefinition].map((topic) => [topic.name, topic]));
    this.#flusher = new Flusher(options.defer);
    this.#userBuckets = new BucketMap(this.config.userRate);
    this.#addressBuckets = this.config.connectRate && new BucketMap(this.config.connectRate);
    this.#wsServer = new WsServer({ maxPayload: this.config.maxPayload, compression: this.config.compression, setTimer: (delayMs, fire) => clock.setTimer(delayMs, fire) });
    this.#host = {
      config: this.config,
      flusher: this.#flusher,
      counters: this.counters,
      now: () => clock.now(),
      wallNow: this.#wallNow,
      closed: (connection, code) => this.#closed(connection, code),
      blocked: (connection, blocked) => void (blocked ? this.#blocked.add(connection) : this.#blocked.delete(connection)),
    };
    this.#handlers = this.#handlerContext();
    this.#judging = {
      config: this.config,
      authenticate: (credential, request) => options.authenticate(credential, request),
      authorize: options.authorize && ((identity) => options.authorize!(identity)),
      anonymous: options.anonymous && (() => options.anonymous!()),
      draining: () => this.#draining,
      full: () => this.clients.size >= this.config.maxConnections,
      takeConnectToken: (address) => this.#addressBuckets?.take(address, 1, clock.now()) ?? 0,
    };
    this.presence = new Presence({
      clock,
      nodeId: this.nodeId,
      onChange: (state, mine) => void (mine && options.onPresence?.(state)),
      signal: (signal) => this.#signal(signal),
    });
    this.#liveness = new Liveness({
      clock,
      heartbeatMs: this.config.heartbeatMs,
      stuckAfterMs: this.config.stuckAfterMs,
      connections: () => this.clients.all(),
      blocked: () => this.#blocked,
      onSweep: (nowMs) => this.#sweep(nowMs),
    });
  }

  /** Starts listening to the broker; `attach` does it by itself. Resolves when events flow. */
  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  /** Takes the upgrades of a server on the configured path; answers those on other paths with 404. */
  attach(server: Server): void {
    if (this.#detach.length === 0) this.#liveness.start();
    this.start().catch((error: unknown) => this.#options.onError?.(error, 'starting the broker'));
    this.#detach.push(
      openDoor(server, {
        judging: this.#judging,
        wsServer: this.#wsServer,
        log: (facts, judgement) => this.#log(facts, judgement, 'ws'),
        connect: (identity, facts, transport, batching) => this.connect(identity, facts, transport, batching),
        signOfLife: (connection, pong) => this.#signOfLife(connection, pong),
        failed: (error) => this.#options.onError?.(error, 'judging an upgrade'),
      }),
    );
  }

  /** Answers a request on the path that is no upgrade: 426. False = another path, not answered. */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    if (pathOf(request) !== this.config.path) return false;
    const { status, headers, body } = refusal({ kind: 'refuse', status: 426, reason: 'this address speaks WebSocket; connect with an upgrade' });
    response.writeHead(status, headers).end(body);
    return true;
  }

  /** To everybody who is connected, and for 24 h to those who come back. Resolves to the position in `inbox` [DIR1]. */
  broadcast(message: OutgoingMessage, excludeClientId?: string): Promise<TopicPosition> {
    return this.#direct({ all: true }, message, excludeClientId);
  }

  /** To everybody of a role. */
  broadcastToRole(role: string, message: OutgoingMessage, excludeClientId?: string): Promise<TopicPosition> {
    return this.#direct({ role }, message, excludeClientId);
  }

  /** To all tabs of a user, now or within 24 h [DIR2]. */
  sendToUser(userId: string, message: OutgoingMessage): Promise<TopicPosition> {
    return this.#direct({ userId }, message);
  }

  /** To the subscribers of a topic: an event of one of its types. Resolves to the event's position. */
  broadcastToSubscription(topic: string, message: OutgoingMessage, excludeClientId?: string): Promise<TopicPosition> {
    const definition = this.#topics.get(topic);
    if (!definition) throw new TypeError(`There is no topic "${topic}". Topics: ${[...this.#topics.keys()].join(', ')}.`);
    if (topic === INBOX) return this.broadcast(message, excludeClientId);
    if (definition.eventTypes !== true && !definition.eventTypes.includes(message.type)) throw new TypeError(`The topic "${topic}" carries ${definition.eventTypes.join(', ')}; "${message.type}" is none of them.`);
    return this.#publish({ ...this.#newEvent(message), topic, ...(excludeClientId !== undefined && { excludeClientId }) });
  }

  /** Publishes events as they are, in order. */
  publish(events: readonly NewEvent[]): Promise<TopicPosition[]> {
    this.counters.eventsPublished += events.length;
    return this.#options.broker.publish(events);
  }

  getStatus(): ManagerStatus {
    const now = this.#clock.now();
    for (const [nodeId, { atMs }] of this.#others) if (now - atMs > STATUS_KEPT_MS) this.#others.delete(nodeId);
    return addStatuses([this.#ownStatus(), ...[...this.#others.values()].map(({ status }) => status)]);
  }

  listConnections(): ConnectionInfo[] {
    return [...this.clients.all()].map(connectionInfo);
  }

  /** Closes a connection on whichever node has it. False when this node has not: others are asked, and do not answer. */
  closeConnection(clientId: string, code: number = CLOSE.GOING_AWAY, reason = 'closed by an administrator'): boolean {
    const here = this.clients.get(clientId) !== undefined;
    this.#signal({ kind: 'close', clientId, code, reason });
    return here;
  }

  /** [AUTH4] Closes the sockets of a session on every node. */
  revokeSession(sessionId: string): void {
    this.#signal({ kind: 'revoke', sessionId });
  }

  /** [AUTH4] Closes all sockets of a user, but those of one session. */
  revokeUser(userId: string, exceptSessionId?: string): void {
    this.#signal({ kind: 'revoke', userId, ...(exceptSessionId !== undefined && { exceptSessionId }) });
  }

  /** [AUTH3] Judges the user's subscriptions anew on every node. */
  roleChanged(userId: string, role: string): void {
    this.#signal({ kind: 'role', userId, role });
  }

  /** New connections are refused with 503 from now on. */
  stopAccepting(): void {
    this.#draining = true;
  }

  /** [DRAIN1] Tells clients when to come back, closes them, flushes what waits. Safe to call twice. */
  shutdown(): Promise<void> {
    this.#closing ??= this.#shutdown();
    return this.#closing;
  }

  /** For other transports: judges a request like an upgrade, writes the security log, and registers the connection. */
  async admit(request: IncomingMessage, transport: 'sse' | 'poll', extra?: Credential): Promise<Judgement & { readonly facts: RequestFacts }> {
    const facts = factsOf(request, this.config);
    const judgement = await judge(this.#judging, request, facts, extra).catch((error: unknown) => {
      this.#options.onError?.(error, 'judging a request');
      return COULD_NOT_CHECK;
    });
    this.#log(facts, judgement, transport);
    return { ...judgement, facts };
  }

  /** Makes a client of a transport whose request was admitted. Undefined = refused, told and closed [UP5]. */
  connect(identity: Identity, facts: RequestFacts, transport: Transport, batching = false): { connection: Connection; lane: InboundLane } | undefined {
    const connection = new Connection({ clientId: newClientId(this.#wallNow()), identity, address: facts.address, userAgent: facts.userAgent, batching }, transport, this.#host);
    this.counters.totalConnections++;
    if (this.clients.ofUser(identity.userId).length >= this.config.maxConnectionsPerUser) {
      connection.sendError('RATE_LIMIT', `At most ${this.config.maxConnectionsPerUser} connections at a time. Close another window first.`, { reason: 'CONNECTION_LIMIT', limit: this.config.maxConnectionsPerUser });
      connection.close(CLOSE.TOO_MANY, 'too many connections');
      return undefined;
    }
    this.clients.addClient(connection);
    connection.send('welcome', welcomeData(connection, this.config, this.#topics.values(), this.#wallNow()));
    joinInbox(this.#handlers, connection);
    this.#inbox.connected(connection.clientId, identity.userId, this.#options.broker.position(INBOX).offset);
    if (this.#options.hasPresence?.(identity)) this.presence.report(connection.clientId, identity, { state: 'active' });
    return { connection, lane: new InboundLane(this.#handlers, connection) };
  }

  /** What subscribing needs, for transports that subscribe by query. */
  get handlers(): HandlerContext {
    return this.#handlers;
  }

  async #start(): Promise<void> {
    const { broker } = this.#options;
    await broker.start({
      onEvents: (events) => this.#deliver(events),
      onEpoch: (position) => this.#epochLost(position),
      onSignal: (signal) => this.#obey(signal),
      onHealth: () => undefined,
    });
    for (const topic of this.#topics.keys()) this.#recent.addEarlier(topic, await broker.recent(topic, EARLIER_EVENTS));
  }

  #signOfLife(connection: Connection, pong: boolean): void {
    const now = this.#clock.now();
    connection.lastSeenMs = now;
    if (pong) connection.latencyMs = now - connection.pingedAtMs;
  }

  #deliver(events: readonly TopicEvent[]): void {
    for (const event of events) {
      const topic = this.#topics.get(event.topic);
      if (!topic) continue;
      this.#recent.add(event);
      try {
        fanOut(this.#index, topic, event);
      } catch (error) {
        // A projection failed. Whoever did not get the event sees by the next `prev` that one is missing, and asks for it.
        for (const group of this.#index.groups(event.topic)) group.lastMatch = Math.max(group.lastMatch, event.offset);
        this.#options.onError?.(error, `bringing ${event.id} to the subscribers of ${event.topic}`);
      }
    }
  }

  /** [POS1] Whatever clients have of this topic, they cannot be told from here on what they miss. */
  #epochLost({ topic, epoch, offset }: TopicPosition): void {
    this.#recent.forget(topic);
    for (const group of this.#index.groups(topic)) {
      group.lastMatch = offset;
      for (const subscription of group.members) {
        subscription.floor = Math.min(subscription.floor, offset);
        if (subscription.held) subscription.held = [];
        subscription.connection.forgetGaps(topic);
        subscription.connection.send('gap', { topic, from: 0, to: offset, reason: 'EPOCH', epoch });
      }
    }
  }

  #obey(raw: Signal): void {
    const signal = asManagerSignal(raw);
    switch (signal?.kind) {
      case 'revoke': {
        const revoked = signal.sessionId !== undefined ? this.clients.ofSession(signal.sessionId) : signal.userId !== undefined ? this.clients.ofUser(signal.userId) : [];
        for (const connection of revoked) if (connection.identity.sessionId !== signal.exceptSessionId) connection.close(CLOSE.UNAUTHENTICATED, 'the session has ended');
        return;
      }
      case 'role':
        for (const connection of this.clients.ofUser(signal.userId)) {
          connection.identity = { ...connection.identity, role: signal.role };
          if (this.config.allowedRoles && !this.config.allowedRoles.includes(signal.role)) connection.close(CLOSE.FORBIDDEN, 'the role may not connect');
          else rejudge(this.#handlers, connection);
        }
        return;
      case 'close':
        return this.clients.get(signal.clientId)?.close(signal.code, signal.reason);
      case 'status':
        if (signal.nodeId !== this.nodeId) this.#others.set(signal.nodeId, { status: signal.status, atMs: this.#clock.now() });
        return;
      case 'presence':
        return this.presence.receive(signal);
      case undefined:
    }
  }

  #signal(signal: ManagerSignal): void {
    this.#options.broker.signal(signal as unknown as Signal).catch((error: unknown) => {
      // Without the others, at least this node obeys.
      if (signal.kind !== 'status' && signal.kind !== 'presence') this.#obey(signal as unknown as Signal);
      this.#options.onError?.(error, `telling the other nodes (${signal.kind})`);
    });
  }

  #closed(connection: Connection, code: number): void {
    this.#blocked.delete(connection);
    for (const subscription of connection.subscriptions.values()) endSubscription({ index: this.#index }, subscription);
    if (!this.clients.removeClient(connection.clientId)) return;
    this.counters.closes[code] = (this.counters.closes[code] ?? 0) + 1;
    this.#inbox.disconnected(connection.clientId, this.#options.broker.position(INBOX).offset);
    this.presence.report(connection.clientId, connection.identity, null);
  }

  #handlerContext(): HandlerContext {
    const options = this.#options;
    return {
      topics: this.#topics,
      index: this.#index,
      broker: options.broker,
      inbox: this.#inbox,
      counters: this.counters,
      maxSubscriptions: this.config.maxSubscriptions,
      serverTypes: new Set([...SERVER_MESSAGE_TYPES.filter((type) => type !== 'batch'), ...options.topics.flatMap((topic) => (topic.eventTypes === true ? [] : [...topic.eventTypes]))]),
      commands: options.commands ?? {},
      rateLimited: this.config.rateLimitEnabled,
      now: () => this.#clock.now(),
      wallNow: this.#wallNow,
      authenticate: (token) => options.authenticate({ token }, { address: '', origin: undefined, userAgent: undefined }),
      takeUserTokens: (userId, count) => this.#userBuckets.take(userId, count, this.#clock.now()),
      presence: (connection, data) => {
        const shown = options.hasPresence?.(connection.identity) === true;
        if (shown) this.presence.report(connection.clientId, connection.identity, data);
        return shown;
      },
      status: (connection) => statusData(connection, this.config, options.broker, this.#node()),
      identityChanged: () => undefined,
      failed: (error, type) => options.onError?.(error, `handling "${type}"`),
    };
  }

  get state(): 'ok' | 'degraded' | 'draining' {
    if (this.#draining) return 'draining';
    return this.#options.broker.health().state;
  }

  #ownStatus(): ManagerStatus {
    const { counters } = this;
    const latencies = [...this.clients.all()].flatMap(({ latencyMs }) => (latencyMs === undefined ? [] : [latencyMs]));
    const active = this.clients.size;
    return {
      totalConnections: counters.totalConnections,
      activeConnections: active,
      messagesPerSecond: this.#sent.perSecond(counters.messagesSent + counters.messagesReceived, this.#clock.now()),
      errorRate: counters.messagesReceived === 0 ? 0 : Math.min(1, counters.errorsSent / counters.messagesReceived),
      averageLatency: latencies.length === 0 ? 0 : latencies.reduce((sum, one) => sum + one, 0) / latencies.length,
      byRole: this.clients.getStats().byRole,
      byTopic: this.#index.counts(),
      slowConsumers: counters.slowConsumers,
      droppedMessages: counters.droppedMessages,
      reconnects: counters.reconnects,
      nodes: [this.#node()],
    };
  }

  #node(): NodeStatus {
    return { nodeId: this.nodeId, version: this.#options.version ?? '', uptimeSeconds: this.#uptime(), state: this.state, activeConnections: this.clients.size };
  }

  #uptime(): number {
    return Math.floor((this.#clock.now() - this.#startedMs) / 1000);
  }

  #sweep(nowMs: number): void {
    this.#sent.sample(this.counters.messagesSent + this.counters.messagesReceived, nowMs);
    this.#userBuckets.prune(nowMs);
    this.#addressBuckets?.prune(nowMs);
    this.presence.sweep();
    if (this.#options.broker.kind !== 'memory' && nowMs - this.#statusAtMs >= STATUS_EVERY_MS) {
      this.#statusAtMs = nowMs;
      this.#signal({ kind: 'status', nodeId: this.nodeId, status: this.#ownStatus() });
    }
  }

  #direct(target: Target, message: OutgoingMessage, excludeClientId?: string): Promise<TopicPosition> {
    if (!CUSTOM_TYPE.test(message.type) || UNSENDABLE.has(message.type)) throw new TypeError(`"${message.type}" cannot be sent as a direct message: a type is 1 to 64 characters of a-z, 0-9 and _, begins with a letter, and is none of the connection's own.`);
    return this.#publish({ ...this.#newEvent(message), topic: INBOX, target, ...(excludeClientId !== undefined && { excludeClientId }) });
  }

  #newEvent({ type, data, id, meta }: OutgoingMessage): Omit<NewEvent, 'topic'> {
    const wall = this.#wallNow();
    return { id: id ?? newMessageId(wall), type, timestamp: new Date(wall).toISOString(), data, ...(meta && { meta }) };
  }

  async #publish(event: NewEvent): Promise<TopicPosition> {
    return (await this.publish([event]))[0]!;
  }

  #log(facts: RequestFacts, judgement: Judgement, transport: SecurityEntry['transport']): void {
    if (judgement.kind === 'refuse') this.counters.refusedUpgrades++;
    this.#options.securityLog?.(
      judgement.kind === 'accept'
        ? { ...facts, outcome: 'ACCEPTED', reason: 'OK', userId: judgement.identity.userId, transport }
        : { ...facts, outcome: 'REFUSED', reason: `${judgement.status} ${judgement.reason}`, userId: judgement.userId, transport },
    );
  }

  async #shutdown(): Promise<void> {
    this.#draining = true;
    await drain([...this.clients.all()], this.#clock, () => randomBytes(4).readUInt32BE() / 2 ** 32);
    this.clients.shutdown();
    for (const detach of this.#detach.splice(0)) detach();
    this.#liveness.close();
    this.presence.close();
    this.#wsServer.close();
    await this.#options.broker.close();
  }
}

/** Types with which a direct message would pass for the connection's own. `error` may be sent: applications report failures with it. */
const UNSENDABLE = new Set<string>([...SERVER_MESSAGE_TYPES.filter((type) => type !== 'error'), ...CLIENT_MESSAGE_TYPES]);
