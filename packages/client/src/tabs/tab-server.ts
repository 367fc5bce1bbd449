import type { Position, ServerEnvelope, ServerMessageData, SubscribableTopic } from '@clms/protocol';
import type { Environment, LocksLike } from '../environment.ts';
import type { WireFilters } from '../filters.ts';
import type { TopicHub } from '../topic-hub.ts';
import { isKnownTopic } from '../topic-reducers.ts';
import type { FromLeader } from './tab-messages.ts';

/** Name of the lock that a tab holds while it lives. */
export const tabLock = (tab: string): string => `clms-tab:${tab}`;

export interface TabServerParts {
  readonly env: Environment;
  readonly locks: LocksLike;
  readonly hub: TopicHub;
}

/** What is to come before a topic's state is told. */
interface Asked {
  /** The lowest position of the tabs that are behind: from there the topic is replayed first. */
  behind?: Position | undefined;
  /** Where that replay began. */
  repeatedFrom?: number;
}

/** What the leading tab does for the others: holds their topics, hands out states, forwards frames. */
export class TabServer {
  readonly #env: Environment;
  readonly #locks: LocksLike;
  readonly #hub: TopicHub;
  readonly #post: (message: FromLeader) => void;
  /** Holds by tab and topic. Bounded by the tabs that live and the topics there are. */
  readonly #tabs = new Map<string, Map<SubscribableTopic, () => void>>();
  readonly #watched = new Map<SubscribableTopic, () => void>();
  /** Topics whose state some tab waits for. */
  readonly #asked = new Map<SubscribableTopic, Asked>();

  constructor({ env, locks, hub }: TabServerParts, post: (message: FromLeader) => void) {
    this.#env = env;
    this.#locks = locks;
    this.#hub = hub;
    this.#post = post;
  }

  want(tab: string, topic: SubscribableTopic, filters: WireFilters, since: Position | undefined): void {
    if (!this.#watched.has(topic)) this.#watched.set(topic, this.#hub.entry(topic).listen(() => this.#answer(topic)));
    const holds = this.#tabs.get(tab) ?? this.#greet(tab);
    const before = holds.get(topic);
    holds.set(topic, this.#hub.hold(topic, filters, true, since));
    before?.();
    this.#asked.set(topic, {});
    this.#answer(topic);
  }

  /** Some tab has heard less than this one. One replay serves all tabs that are not behind its start. */
  replay(topic: SubscribableTopic, since: Position): void {
    const { phase } = this.#hub.entry(topic);
    const asked = this.#ask(topic);
    if (phase.state === 'requested' && phase.from !== undefined && phase.from <= since.offset) return;
    if (since.offset < (asked.behind?.offset ?? Infinity)) asked.behind = since;
    this.#answer(topic);
  }

  unwant(tab: string, topic: SubscribableTopic): void {
    const holds = this.#tabs.get(tab);
    holds?.get(topic)?.();
    holds?.delete(topic);
  }

  gone(tab: string): void {
    for (const release of this.#tabs.get(tab)?.values() ?? []) release();
    this.#tabs.delete(tab);
  }

  /** Called with each frame before this tab takes it, so that states handed out afterwards include it. */
  forward(frame: ServerEnvelope): void {
    if (frame.type !== 'subscribed') return this.#post({ kind: 'frame', frame, filters: this.#hub.held(frame.topic ?? '')?.loadedFilters });
    // It answers this tab's position, not the others': they get the state itself, unless the events between follow.
    const { topic, recovered } = frame.data as ServerMessageData<'subscribed'>;
    if (recovered !== true && isKnownTopic(topic)) this.#ask(topic);
  }

  close(): void {
    for (const tab of this.#tabs.keys()) this.gone(tab);
    for (const unlisten of this.#watched.values()) unlisten();
  }

  /** The browser gives a tab's lock away when the tab dies, however it dies. */
  #greet(tab: string): Map<SubscribableTopic, () => void> {
    const holds = new Map<SubscribableTopic, () => void>();
    this.#tabs.set(tab, holds);
    this.#locks
      .request(tabLock(tab), {}, async () => this.gone(tab))
      .catch((error: unknown) => this.#env.log('error', 'no lock', error));
    return holds;
  }

  #ask(topic: SubscribableTopic): Asked {
    const asked = this.#asked.get(topic) ?? {};
    this.#asked.set(topic, asked);
    return asked;
  }

  #answer(topic: SubscribableTopic): void {
    const { phase, position, newest, loadedFilters: filters, state, provenAt } = this.#hub.entry(topic);
    const asked = this.#asked.get(topic);
    if (!asked) return;
    if (phase.state === 'refused') this.#post({ kind: 'refused', topic, code: phase.code, message: phase.message });
    else if (phase.state === 'live' && position && filters) {
      const { behind } = asked;
      if (behind) {
        asked.behind = undefined;
        asked.repeatedFrom = behind.offset;
        return this.#hub.replay(topic, behind);
      }
      this.#post({ kind: 'topic', topic, held: { position, newest, state, filters, provenAt }, repeatedFrom: asked.repeatedFrom });
    } else return;
    this.#asked.delete(topic);
  }
}
