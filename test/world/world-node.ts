import { STAFF_ROLES } from '../../packages/protocol/src/index.ts';
import { RedisBroker } from '../../packages/realtime/src/broker-redis.ts';
import type { Clock } from '../../packages/realtime/src/clock.ts';
import type { Connection } from '../../packages/realtime/src/connection.ts';
import type { AuthResult } from '../../packages/realtime/src/event-handlers.ts';
import type { Identity } from '../../packages/realtime/src/identity.ts';
import { WebSocketManager } from '../../packages/realtime/src/websocket-manager.ts';
import { Relay } from '../../packages/server/src/realtime/relay.ts';
import { libraryTopics, type SnapshotReads } from '../../packages/server/src/realtime/topics.ts';
import type { NetworkLink } from './network-link.ts';
import type { School } from './school.ts';
import type { SimulatedRedis } from './simulated-redis.ts';
import { readToken } from './tokens.ts';

/** So short that a longer absence cannot be replayed. */
const HISTORY = { size: 40, ttlMs: 24 * 3_600_000 };
/** So little that a reader who falls behind by a few events loses some, and one who takes nothing is cut off. */
const QUEUE_BYTES = 4000;
const UNDROPPABLE_BYTES = 40_000;
const RELAY_AGAIN_MS = 1000;
const STAFF: readonly string[] = STAFF_ROLES;

export interface NodeOptions {
  readonly nodeId: string;
  readonly clock: Clock;
  readonly redis: SimulatedRedis;
  readonly school: School;
  /** How long a read of the database takes. */
  readonly readMs: () => number;
  /** Whether the database fails just now. */
  readonly failing: () => boolean;
  readonly onError: (error: unknown, doing: string) => void;
  /** A connection of this user was judged anew. */
  readonly onRole: (nodeId: string, userId: string) => void;
}

/** One process of the server: the real engine over the real broker, with the library's topics, and a relay from the outbox. */
export class WorldNode {
  readonly nodeId: string;
  readonly manager: WebSocketManager;
  readonly #links = new Map<NetworkLink, Connection>();
  readonly #options: NodeOptions;
  readonly #timers = new Set<() => void>();
  readonly #clock: Clock;
  readonly #broker: RedisBroker;
  readonly #relay: Relay;
  readonly #stopListening: () => void;
  #state: 'starting' | 'up' | 'draining' | 'down' = 'starting';

  constructor(options: NodeOptions) {
    const { nodeId, redis, school } = options;
    this.#options = options;
    this.nodeId = nodeId;
    this.#clock = this.#ownClock(options.clock);
    this.#broker = new RedisBroker({ url: 'redis://simulated', clock: this.#clock, history: HISTORY, open: redis.opener(nodeId) });
    this.manager = new WebSocketManager({
      topics: libraryTopics(this.#reads()),
      broker: this.#broker,
      clock: this.#clock,
      nodeId,
      config: { queueBytes: QUEUE_BYTES, undroppableBytes: UNDROPPABLE_BYTES },
      authenticate: (credential) => this.#authenticate('token' in credential ? credential.token : ''),
      authorize: ({ userId }) => {
        options.onRole(nodeId, userId);
        return true;
      },
      commands: {
        chat: async ({ identity, clientId, messageId, follows }, data) => {
          await this.#read();
          if (![identity.role, school.roleOf(identity.userId)].every((role) => STAFF.includes(role))) return { kind: 'error', code: 'UNAUTHORIZED', message: 'Chat is for staff.' };
          const { message, isNew } = school.say(data, identity.userId, messageId === undefined ? undefined : { clientId, messageId });
          return isNew && follows('chat', 'room', data.room) ? { kind: 'done' } : { kind: 'reply', type: 'chat_message', data: message };
        },
      },
      onError: options.onError,
      defer: (work) => void this.#clock.setTimer(0, work),
    });
    this.#relay = new Relay(school.outboxRows(), this.#broker, { error: () => undefined });
    this.#stopListening = school.onCommit(() => void (this.#state === 'up' && this.#relay.wake()));
  }

  get isUp(): boolean {
    return this.#state === 'up';
  }

  get isDown(): boolean {
    return this.#state === 'down';
  }

  /** False = it could not reach Redis, and is down again. */
  async start(): Promise<boolean> {
    try {
      await this.manager.start();
      if (this.#state !== 'starting') return false;
      this.#state = 'up';
    } catch {
      this.kill();
      return false;
    }
    this.#relay.wake();
    this.#relayAgain();
    return true;
  }

  /** A device asks for a WebSocket. */
  async upgrade(link: NetworkLink, token: string): Promise<void> {
    if (this.#state !== 'up') return link.refuse();
    const result = await this.#authenticate(token);
    if (result.kind === 'refused' || this.manager.state === 'draining') return link.refuse();
    const client = this.manager.connect(result.identity, { address: '', origin: undefined, userAgent: undefined }, link.transport);
    if (!client) return;
    const { connection, lane } = client;
    this.#links.set(link, connection);
    link.accept({
      onText: (text) => lane.receive(text),
      onSign: () => this.manager.clients.updateClientActivity(connection.clientId),
      onClosed: (code) => connection.ended(code, ''),
    });
  }

  /** Whom a link of this node speaks for. */
  identityOf(link: NetworkLink): Identity | undefined {
    return this.#links.get(link)?.identity;
  }

  /** SIGTERM. */
  async drain(): Promise<void> {
    if (this.#state !== 'up') return;
    this.#state = 'draining';
    await this.manager.shutdown();
    this.#end();
  }

  /** `kill -9`: nothing of it goes on. */
  kill(): void {
    if (this.#state === 'down') return;
    this.#end();
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#options.redis.breakOff(this.nodeId, true);
    for (const link of this.#links.keys()) link.cut();
  }

  #end(): void {
    this.#state = 'down';
    this.#stopListening();
  }

  async #authenticate(token: string): Promise<AuthResult> {
    await this.#read();
    const { school, clock } = this.#options;
    const shown = readToken(token);
    if (!shown || shown.expiresAt <= clock.now() || school.revokedSessions.has(shown.sessionId)) return { kind: 'refused', status: 401, reason: 'not valid' };
    return { kind: 'ok', identity: { userId: shown.userId, username: shown.userId, role: school.roleOf(shown.userId), sessionId: shown.sessionId, expiresAt: shown.expiresAt } };
  }

  #reads(): SnapshotReads {
    const { school } = this.#options;
    const all = (topic: string) => async () => {
      await this.#read();
      return school.all(topic);
    };
    return {
      activities: all('activities'),
      equipment: all('equipment'),
      notifications: all('notifications'),
      analytics: all('analytics'),
      emergency: all('emergency'),
      system: all('system'),
      dashboard: async () => {
        await this.#read();
        return school.dashboard;
      },
      chat: async () => {
        await this.#read();
        return { messages: school.all('chat'), presence: [] };
      },
    };
  }

  /** A look into the database; what it finds is of the moment it ends. */
  async #read(): Promise<void> {
    await new Promise<void>((resolve) => void this.#clock.setTimer(this.#options.readMs(), resolve));
    if (this.#options.failing()) throw new Error('the database does not answer');
  }

  #relayAgain(): void {
    this.#clock.setTimer(RELAY_AGAIN_MS, () => {
      if (this.#state === 'down') return;
      this.#relay.wake();
      this.#relayAgain();
    });
  }

  #ownClock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      setTimer: (delayMs, fire) => {
        if (this.#state === 'down') return () => undefined;
        const cancel = clock.setTimer(delayMs, () => {
          this.#timers.delete(stop);
          fire();
        });
        const stop = (): void => {
          cancel();
          this.#timers.delete(stop);
        };
        this.#timers.add(stop);
        return stop;
      },
    };
  }
}

