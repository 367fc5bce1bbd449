import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { CLOSE, DIRECT_MESSAGE_TYPES, INBOX, SERVER_MESSAGE_TYPES } from '@clms/protocol';
import type { NewEvent, TopicPosition } from './broker.ts';
import { ClientManager } from './client-manager.ts';
import { systemClock, type Clock } from './clock.ts';
import { Cluster } from './cluster.ts';
import { resolveConfig, type ResolvedConfig } from './config.ts';
import { Connection, type ConnectionHost } from './connection.ts';
import { Delivery } from './delivery.ts';
import { directMessage, topicMessage } from './direct-messages.ts';
import { drain } from './drain.ts';
import type { HandlerContext } from './event-handlers.ts';
import { Flusher } from './flusher.ts';
import type { Identity } from './identity.ts';
import { InboundLane } from './inbound-lane.ts';
import { Inbox } from './inbox.ts';
import { statusData, welcomeData } from './introductions.ts';
import { withSnapshot, type ManagerOptions, type OutgoingMessage } from './manager-options.ts';
import { Liveness } from './liveness.ts';
import { newClientId } from './message-id.ts';
import { newCounters, type Counters } from './metrics.ts';
import { NodeReport } from './node-report.ts';
import { obey } from './orders.ts';
import { openOwnServer } from './own-server.ts';
import { Presence } from './presence.ts';
import { BucketMap } from './rate-limit.ts';
import { endSubscription, joinInbox } from './resume.ts';
import { connectionInfo, type ConnectionInfo, type ManagerStatus } from './status.ts';
import type { TopicDefinition } from './topic.ts';
import type { Transport } from './transport.ts';
import { factsOf, judge, mayConnect, NO_PLACE, refusal, securityEntry, type Credential, type JudgeContext, type Judgement, type RequestFacts, type SecurityEntry } from './upgrade.ts';
import { openDoor, pathOf } from './upgrade-door.ts';
import { UserLimits } from './user-limits.ts';
import { WsServer } from './ws-socket.ts';

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
  readonly #delivery: Delivery;
  readonly #cluster: Cluster;
  readonly #inbox: Inbox;
  readonly #topics: ReadonlyMap<string, TopicDefinition>;
  readonly #flusher: Flusher;
  readonly #host: ConnectionHost;
  readonly #handlers: HandlerContext;
  readonly #judging: JudgeContext;
  readonly #liveness: Liveness;
  readonly #wsServer: WsServer;
  readonly #userLimits: UserLimits;
  readonly #addressBuckets: BucketMap | undefined;
  readonly #blocked = new Set<Connection>();
  readonly #detach: (() => void)[] = [];
  readonly #report: NodeReport;
  #ownServer: Server | undefined;
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
    this.clients = new ClientManager(() => clock.now());
    this.#inbox = new Inbox(this.#wallNow);
    this.#topics = new Map([...options.topics.map((topic) => withSnapshot(topic, options)), this.#inbox.definition as TopicDefinition].map((topic) => [topic.name, topic]));
    this.#delivery = new Delivery(this.#topics, (error, doing) => options.onError?.(error, doing));
    this.#flusher = new Flusher(options.defer);
    this.#report = new NodeReport({
      nodeId: this.nodeId,
      version: options.version ?? '',
      clock,
      counters: this.counters,
      clients: this.clients,
      state: () => this.state,
      byTopic: () => this.#delivery.index.counts(),
    });
    this.#userLimits = new UserLimits({
      broker: options.broker,
      rate: this.config.userRate,
      maxConnectionsPerUser: this.config.maxConnectionsPerUser,
      now: () => clock.now(),
      onError: (error, doing) => options.onError?.(error, doing),
    });
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
    this.#cluster = new Cluster({
      nodeId: this.nodeId,
      broker: options.broker,
      clock,
      status: () => this.#report.status(),
      obey: (order) => obey({ clients: this.clients, presence: this.presence, handlers: this.#handlers, mayConnect: (identity) => mayConnect(this.#judging, identity) }, order),
      answer: (question) => (question.ask === 'close' ? this.#closeHere(question.clientId, question.code, question.reason) : [...this.clients.all()].map(connectionInfo)),
      onError: (error, doing) => options.onError?.(error, doing),
    });
    this.presence = new Presence({
      clock,
      nodeId: this.nodeId,
      onChange: (state, mine) => void (mine && options.onPresence?.(state)),
      signal: (signal) => this.#cluster.order(signal),
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

  /** Starts listening to the broker (`attach` does it by itself) and, when no server is attached and `config.port` is set, on that port. Resolves when events flow. */
  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  /** Takes the upgrades of a server on the configured path; answers those on other paths with 404. */
  attach(server: Server): void {
    this.start().catch((error: unknown) => this.#options.onError?.(error, 'starting the broker'));
    this.#detach.push(
      openDoor(server, {
        judging: this.#judging,
        wsServer: this.#wsServer,
        log: (facts, judgement) => this.#log(facts, judgement, 'ws'),
        places: this.#userLimits,
        connect: (identity, facts, transport, batching, hasPlace) => this.connect(identity, facts, transport, batching, hasPlace),
        signOfLife: (connection, pong) => this.#signOfLife(connection, pong),
        failed: (error) => this.#options.onError?.(error, 'judging an upgrade'),
      }),
    );
  }

  /** Where the server opened by `start` listens. */
  get port(): number | undefined {
    const address = this.#ownServer?.address();
    return typeof address === 'object' ? address?.port : undefined;
  }

  /** Answers a request on the path that is no upgrade: 426. False = another path, not answered. */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    if (pathOf(request) !== this.config.path) return false;
    const { status, headers, body } = refusal({ kind: 'refuse', status: 426, reason: 'this address speaks WebSocket; connect with an upgrade' });
    response.writeHead(status, headers).end(body);
    return true;
  }

  /** To everybody who is connected, and for 24 h to those who come back. Resolves to the position in `inbox` [DIR1]. */
  async broadcast(message: OutgoingMessage, excludeClientId?: string): Promise<TopicPosition> {
    return this.#publishOne(directMessage({ all: true }, message, excludeClientId, this.#wallNow()));
  }

  /** To everybody of a role. */
  async broadcastToRole(role: string, message: OutgoingMessage, excludeClientId?: string): Promise<TopicPosition> {
    return this.#publishOne(directMessage({ role }, message, excludeClientId, this.#wallNow()));
  }

  /** To all tabs of a user, now or within 24 h [DIR2]. */
  async sendToUser(userId: string, message: OutgoingMessage): Promise<TopicPosition> {
    return this.#publishOne(directMessage({ userId }, message, undefined, this.#wallNow()));
  }

  /** To the subscribers of a topic: an event of one of its types. Resolves to the event's position. */
  async broadcastToSubscription(topic: string, message: OutgoingMessage, excludeClientId?: string): Promise<TopicPosition> {
    const definition = this.#topics.get(topic);
    if (!definition) throw new TypeError(`There is no topic "${topic}". Topics: ${[...this.#topics.keys()].join(', ')}.`);
    return topic === INBOX ? this.broadcast(message, excludeClientId) : this.#publishOne(topicMessage(definition, message, excludeClientId, this.#wallNow()));
  }

  /** Publishes events as they are, in order. */
  publish(events: readonly NewEvent[]): Promise<TopicPosition[]> {
    this.counters.eventsPublished += events.length;
    return this.#options.broker.publish(events);
  }

  /** Over all nodes, as they last told. */
  getStatus(): ManagerStatus {
    return this.#cluster.status();
  }

  /** Over all nodes that answer within a second. */
  async listConnections(): Promise<ConnectionInfo[]> {
    const others = (await this.#cluster.ask({ ask: 'connections' })) as ConnectionInfo[][];
    return [...[...this.clients.all()].map(connectionInfo), ...others.flat()];
  }

  /** Closes a connection on whichever node has it. False = none has. */
  async closeConnection(clientId: string, code: number = CLOSE.GOING_AWAY, reason = 'closed by an administrator'): Promise<boolean> {
    if (this.#closeHere(clientId, code, reason)) return true;
    return (await this.#cluster.ask({ ask: 'close', clientId, code, reason })).includes(true);
  }

  /** [AUTH4] Closes the sockets of a session on every node. */
  revokeSession(sessionId: string): void {
    this.#cluster.order({ kind: 'revoke', sessionId });
  }

  /** [AUTH4] Closes all sockets of a user, but those of one session. */
  revokeUser(userId: string, exceptSessionId?: string): void {
    this.#cluster.order({ kind: 'revoke', userId, ...(exceptSessionId !== undefined && { exceptSessionId }) });
  }

  /** [AUTH3] Judges the user's subscriptions anew on every node. */
  roleChanged(userId: string, role: string): void {
    this.#cluster.order({ kind: 'role', userId, role });
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

  /** For other transports: judges a request like an upgrade, takes a place for it [UP5], and writes the security log. */
  async admit(request: IncomingMessage, transport: 'sse' | 'poll', extra?: Credential): Promise<Judgement & { readonly facts: RequestFacts }> {
    const facts = factsOf(request, this.config);
    let judgement: Judgement = await judge(this.#judging, request, facts, extra).catch((error: unknown) => {
      this.#options.onError?.(error, 'judging a request');
      return COULD_NOT_CHECK;
    });
    if (judgement.kind === 'accept' && !(await this.#userLimits.claimPlace(judgement.identity.userId))) judgement = { ...NO_PLACE, userId: judgement.identity.userId };
    this.#log(facts, judgement, transport);
    return { ...judgement, facts };
  }

  /** Gives back the place of a request that was admitted and came to nothing. */
  abandon(userId: string): void {
    this.#userLimits.releasePlace(userId);
  }

  /**
   * Makes a client of a transport whose request was admitted. Undefined = refused, told and closed [UP5]. `hasPlace` = whether a place was found for
   * it on all nodes; by default this node alone decides.
   */
  connect(identity: Identity, facts: RequestFacts, transport: Transport, batching = false, hasPlace = this.#userLimits.claimPlaceHere(identity.userId)): { connection: Connection; lane: InboundLane } | undefined {
    const connection = new Connection({ clientId: newClientId(this.#wallNow()), identity, address: facts.address, userAgent: facts.userAgent, batching }, transport, this.#host);
    this.counters.totalConnections++;
    if (!hasPlace) {
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
      onEvents: (events) => this.#delivery.deliver(events),
      onEpoch: (position) => this.#delivery.epochLost(position),
      onSignal: (signal) => this.#cluster.receive(signal),
      onHealth: () => undefined,
    });
    for (const topic of this.#topics.keys()) this.#delivery.recent.addEarlier(topic, await broker.recent(topic, EARLIER_EVENTS));
    if (this.#closing) return;
    const { port, host } = this.config;
    if (port !== undefined && this.#detach.length === 0) {
      this.#ownServer = await openOwnServer(host, port, (request, response) => this.handleRequest(request, response));
      this.attach(this.#ownServer);
    }
    this.#cluster.introduce(this.#clock.now());
    this.#userLimits.sweep(this.#clock.now());
    this.#liveness.start();
  }

  #signOfLife(connection: Connection, pong: boolean): void {
    const now = this.#clock.now();
    connection.lastSeenMs = now;
    if (pong) connection.latencyMs = now - connection.pingedAtMs;
  }

  #closeHere(clientId: string, code: number, reason: string): boolean {
    const connection = this.clients.get(clientId);
    connection?.close(code, reason);
    return connection !== undefined;
  }

  #closed(connection: Connection, code: number): void {
    this.#blocked.delete(connection);
    for (const subscription of connection.subscriptions.values()) endSubscription({ index: this.#delivery.index }, subscription);
    if (!this.clients.removeClient(connection.clientId)) return;
    this.#userLimits.releasePlace(connection.identity.userId);
    this.counters.closes[code] = (this.counters.closes[code] ?? 0) + 1;
    this.#inbox.disconnected(connection.clientId, this.#options.broker.position(INBOX).offset);
    this.presence.report(connection.clientId, connection.identity, null);
  }

  #handlerContext(): HandlerContext {
    const options = this.#options;
    return {
      topics: this.#topics,
      index: this.#delivery.index,
      broker: options.broker,
      inbox: this.#inbox,
      counters: this.counters,
      maxSubscriptions: this.config.maxSubscriptions,
      serverTypes: new Set([...SERVER_MESSAGE_TYPES.filter((type) => type !== 'batch'), ...DIRECT_MESSAGE_TYPES, ...options.topics.flatMap((topic) => (topic.eventTypes === true ? [] : [...topic.eventTypes]))]),
      commands: options.commands ?? {},
      rateLimited: this.config.rateLimitEnabled,
      now: () => this.#clock.now(),
      wallNow: this.#wallNow,
      authenticate: (token) => options.authenticate({ token }, { address: '', origin: undefined, userAgent: undefined }),
      takeUserTokens: (userId, count) => this.#userLimits.takeTokens(userId, count),
      presence: (connection, data) => {
        const shown = options.hasPresence?.(connection.identity) === true;
        if (shown) this.presence.report(connection.clientId, connection.identity, data);
        return shown;
      },
      status: (connection) => statusData(connection, this.config, options.broker, this.#report.node()),
      failed: (error, type) => options.onError?.(error, `handling "${type}"`),
    };
  }

  get state(): 'ok' | 'degraded' | 'draining' {
    if (this.#draining) return 'draining';
    return this.#options.broker.health().state;
  }

  #sweep(nowMs: number): void {
    this.#report.sample(nowMs);
    this.#userLimits.sweep(nowMs);
    this.#addressBuckets?.prune(nowMs);
    this.presence.sweep();
    this.#cluster.sweep(nowMs);
  }

  async #publishOne(event: NewEvent): Promise<TopicPosition> {
    return (await this.publish([event]))[0]!;
  }

  #log(facts: RequestFacts, judgement: Judgement, transport: SecurityEntry['transport']): void {
    if (judgement.kind === 'refuse') this.counters.refusedUpgrades++;
    this.#options.securityLog?.(securityEntry(facts, judgement, transport));
  }

  async #shutdown(): Promise<void> {
    this.#draining = true;
    await drain([...this.clients.all()], this.#clock, () => randomBytes(4).readUInt32BE() / 2 ** 32);
    this.clients.shutdown();
    for (const detach of this.#detach.splice(0)) detach();
    this.#liveness.close();
    this.presence.close();
    this.#wsServer.close();
    this.#ownServer?.close();
    await this.#cluster.leave();
    await this.#options.broker.close();
  }
}
