import { RealtimeClient, type ClientNotice } from '../../packages/client/src/index.ts';
import { INBOX, type ServerEnvelope, type SubscribableTopic, type TopicName } from '../../packages/protocol/src/index.ts';
import type { NewEvent } from '../../packages/realtime/src/broker.ts';
import type { Clock } from '../../packages/realtime/src/clock.ts';
import type { Identity } from '../../packages/realtime/src/identity.ts';
import type { SeededRandom } from '../../packages/realtime/test/seeded-random.ts';
import { Device, type OpenSocket } from './device.ts';
import { differences, expectedState, mayFollow, passes, storedState, visible, type WorldFilters } from './expected-state.ts';
import { Hearing } from './hearing.ts';
import type { School } from './school.ts';
import type { LoggedEvent } from './simulated-redis.ts';
import { writeToken } from './tokens.ts';

const TOKEN_LIFE_MS = 60_000;
const TOKEN_TAKES_MS = 300;

interface Hold {
  readonly topic: TopicName;
  readonly filters: WorldFilters;
  readonly state: () => { readonly state: unknown; readonly status: string; readonly freshness: string };
  readonly release: () => void;
}

export interface ClientOptions {
  readonly name: string;
  readonly userId: string;
  readonly clock: Clock;
  readonly chance: SeededRandom;
  readonly school: School;
  readonly taken: () => readonly LoggedEvent[];
  readonly open: OpenSocket;
}

/** A page with the real client in it, and a witness of all that it tells its application. */
export class WatchedClient {
  readonly device: Device;
  readonly client: RealtimeClient;
  readonly holds = new Map<string, Hold>();
  readonly hearing: Hearing;
  userId: string;
  sessionId: string;
  clientId: string | undefined;
  tokensFail = false;
  readonly #options: ClientOptions;
  readonly #clientIds = new Set<string>();
  /** Chat messages whose fate is still open. */
  readonly #said = new Map<string, string>();
  #serial = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.userId = options.userId;
    this.sessionId = `${options.name}-session`;
    this.device = new Device(options.name, options.clock, options.chance, options.open);
    this.hearing = new Hearing(options.taken);
    this.client = new RealtimeClient({ url: 'ws://school/ws', getToken: () => this.#token(), environment: this.device });
    this.client.onMessage((message) => this.#message(message));
    this.client.onNotice((notice) => this.#notice(notice));
  }

  toggle(topic: TopicName, filters: WorldFilters): void {
    const key = `${topic} ${JSON.stringify(filters)}`;
    const held = this.holds.get(key);
    if (held) {
      this.holds.delete(key);
      held.release();
      if (this.#wantedOf(topic).length === 0) this.hearing.forget(topic);
    } else {
      const view = this.client.topic(topic, filters as never);
      const release = view.subscribe(() => undefined);
      const state = () => {
        const { state: stored, status, freshness } = view.getSnapshot();
        return { state: stored as unknown, status: status.state, freshness: freshness.state };
      };
      this.holds.set(key, { topic, filters, state, release });
    }
    this.hearing.wantedChanged(topic, this.#wanted(topic));
  }

  say(room: string): void {
    const clientMessageId = `${this.#options.name}-said-${++this.#serial}`;
    const result = this.client.sendMessage({ type: 'chat', id: `m-${clientMessageId}`, data: { room, text: 'hello', clientMessageId } });
    if (result.kind === 'queued') this.#said.set(result.id, clientMessageId);
  }

  /** Another person signs in on this page. */
  switchTo(userId: string): void {
    this.userId = userId;
    this.sessionId = `${this.#options.name}-session-${++this.#serial}`;
    this.#said.clear();
    this.client.reauthenticate();
  }

  /** What it follows may look different from now on. */
  roleChanged(): void {
    for (const { topic } of this.holds.values()) this.hearing.forget(topic);
    this.hearing.forget(INBOX);
  }

  get identity(): Identity {
    return { userId: this.userId, username: this.userId, role: this.#options.school.roleOf(this.userId), sessionId: this.sessionId };
  }

  /** All that is not as it should be, now that everything had time to settle. */
  faults(): string[] {
    const faults = [...this.hearing.faults, ...this.device.problems.map(String)];
    if (this.client.state.state !== 'live') faults.push(`is ${JSON.stringify(this.client.state)}`);
    for (const hold of this.holds.values()) faults.push(...this.#judge(hold).map((fault) => `${hold.topic} ${JSON.stringify(hold.filters)}: ${fault}`));
    faults.push(...this.hearing.missing((event) => visible(this.identity, event) !== undefined && !this.#clientIds.has(event.excludeClientId ?? '')));
    for (const [id, clientMessageId] of this.#said) if (!this.#options.school.chats.has(clientMessageId)) faults.push(`${id} was lost without a word`);
    return faults.map((fault) => `${this.#options.name}: ${fault}`);
  }

  #judge({ topic, filters, state }: Hold): string[] {
    const { school } = this.#options;
    const expected = expectedState(school, this.identity, topic, filters);
    const { state: stored, status, freshness } = state();
    if (!expected) return status === 'refused' ? [] : [`is ${status}, though it is not for ${this.identity.role}`];
    if (status !== 'ready' || freshness !== 'live') return [`is ${status} and ${freshness}`];
    return differences(expected, storedState(topic, stored), (key) => this.#clientIds.has(school.withheld.get(`${topic} ${key}`) ?? ''));
  }

  #message(message: ServerEnvelope): void {
    const { type, topic, offset, id, data, replyTo } = message;
    if (topic !== undefined && offset !== undefined) this.hearing.event(topic, offset, id);
    if (type === 'welcome') this.#clientIds.add((this.clientId = (data as { clientId: string }).clientId));
    if (type === 'error' && replyTo !== undefined) this.#said.delete(replyTo);
    if (type === 'subscribed') {
      const position = data as { topic: SubscribableTopic; epoch: string; offset: number };
      // An answer may come after the question has lost its meaning.
      if (position.topic === INBOX || this.#wantedOf(position.topic).length > 0) this.hearing.subscribed(position.topic, position, this.#wanted(position.topic));
    }
    if (type === 'unsubscribed') this.hearing.forget((data as { topic: string }).topic);
  }

  #notice(notice: ClientNotice): void {
    if (notice.kind === 'reset') this.hearing.reset(notice.topic);
    if (notice.kind === 'message_expired') this.#said.delete(notice.message.id);
    if (notice.kind === 'user_changed') {
      this.hearing.forgetAll();
      this.#said.clear();
    }
  }

  #wantedOf(topic: string): Hold[] {
    return [...this.holds.values()].filter((hold) => hold.topic === topic);
  }

  #wanted(topic: string): (event: NewEvent) => boolean {
    if (topic === INBOX) return () => true;
    const filters = this.#wantedOf(topic).map((hold) => hold.filters);
    return (event) => mayFollow(this.identity, topic) && filters.some((one) => passes(topic, visible(this.identity, event) ?? {}, one));
  }

  async #token(): Promise<string | null> {
    const { clock, chance } = this.#options;
    await new Promise<void>((resolve) => void clock.setTimer(chance.below(TOKEN_TAKES_MS), () => this.device.run(resolve)));
    if (this.tokensFail) throw new Error('the token cannot be had just now');
    if (this.#options.school.revokedSessions.has(this.sessionId)) this.sessionId = `${this.#options.name}-session-${++this.#serial}`;
    return writeToken({ userId: this.userId, sessionId: this.sessionId, expiresAt: clock.now() + TOKEN_LIFE_MS });
  }
}
