import { INBOX, METRICS, TOPIC_NAMES, type ChatMessage, type Dashboard, type TopicName } from '../../packages/protocol/src/index.ts';
import type { NewEvent, Target } from '../../packages/realtime/src/broker.ts';
import type { Clock } from '../../packages/realtime/src/clock.ts';
import type { Outbox } from '../../packages/server/src/store/outbox.ts';
import { SECRET, USERS, writeEntity, type Written } from './school-entities.ts';

type UserId = keyof typeof USERS;
export interface PublishOptions {
  readonly excludeClientId?: string | undefined;
}

/** The database of the world: what is committed is true, and stands in the outbox in the order of its commit. */
export class School {
  readonly outbox: NewEvent[] = [];
  /** Newest version of every entity, by topic. */
  readonly entities = new Map<string, Map<string, unknown>>([...TOPIC_NAMES, INBOX].map((topic) => [topic, new Map()]));
  readonly roles = new Map<string, string>(Object.entries(USERS));
  readonly revokedSessions = new Set<string>();
  /** Chat by the sender's own id: what was sent twice is there once. */
  readonly chats = new Map<string, ChatMessage>();
  /** Entities whose newest version was withheld from a connection, with its id. */
  readonly withheld = new Map<string, string>();
  readonly #clock: Clock;
  readonly #onCommit = new Set<() => void>();
  #versions = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    const timestamp = this.#timestamp();
    this.entities.get('dashboard')!.set('dashboard', { metrics: Object.fromEntries(METRICS.map((metric) => [metric, 0])), alerts: [], timestamp } satisfies Dashboard);
  }

  onCommit(listener: () => void): () => void {
    this.#onCommit.add(listener);
    return () => this.#onCommit.delete(listener);
  }

  change(topic: Exclude<TopicName, 'chat'>, which: number, options: PublishOptions = {}): void {
    const written = writeEntity(topic, which, ++this.#versions, this.#timestamp());
    // Figures are for everybody who follows them.
    if (topic === 'dashboard') this.#commit(topic, this.#wholeDashboard(written));
    else this.#commit(topic, written, options);
  }

  say(message: { readonly room: string; readonly text: string; readonly clientMessageId: string }, userId: string, replyTo?: { readonly clientId: string; readonly messageId: string }): { readonly message: ChatMessage; readonly isNew: boolean } {
    const known = this.chats.get(message.clientMessageId);
    if (known) return { message: known, isNew: false };
    const version = ++this.#versions;
    const data: ChatMessage = { ...message, id: `chat-${version}`, userId, username: SECRET, timestamp: this.#timestamp() };
    this.chats.set(message.clientMessageId, data);
    this.#commit('chat', { type: 'chat_message', key: data.id, data, ...(replyTo && { meta: { replyTo } }) });
    return { message: data, isNew: true };
  }

  tell(target: Target): void {
    const version = ++this.#versions;
    const data = { to: target, version };
    this.#commit(INBOX, { type: 'staff_alert', key: `direct-${version}`, data }, { target });
  }

  /** The outbox, as a relay reads it. */
  outboxRows(): Outbox {
    return {
      after: async (seq, limit) => this.outbox.slice(seq, seq + limit).map((event, at) => ({ seq: seq + at + 1, event })),
      rowOf: async (id) => {
        const at = this.outbox.findIndex((event) => event.id === id);
        return at === -1 ? undefined : { seq: at + 1, event: this.outbox[at]! };
      },
    };
  }

  roleOf(userId: string): string {
    return this.roles.get(userId) ?? USERS[userId as UserId];
  }

  all(topic: string): readonly unknown[] {
    return [...this.entities.get(topic)!.values()];
  }

  get dashboard(): Dashboard {
    return this.entities.get('dashboard')!.get('dashboard') as Dashboard;
  }

  #wholeDashboard(written: Written): Written {
    const { metrics, ...rest } = written.data as Dashboard;
    return { ...written, data: { ...rest, metrics: { ...this.dashboard.metrics, ...metrics } } };
  }

  #commit(topic: string, { type, key, data, meta }: Written, { excludeClientId, target }: PublishOptions & { readonly target?: Target } = {}): void {
    this.entities.get(topic)!.set(key, data);
    if (excludeClientId === undefined) this.withheld.delete(`${topic} ${key}`);
    else this.withheld.set(`${topic} ${key}`, excludeClientId);
    const id = `evt_${String(this.outbox.length).padStart(6, '0')}`;
    this.outbox.push({ id, topic, type, timestamp: this.#timestamp(), data, ...(meta && { meta }), ...(target && { target }), ...(excludeClientId !== undefined && { excludeClientId }) });
    for (const listener of this.#onCommit) listener();
  }

  #timestamp(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}
