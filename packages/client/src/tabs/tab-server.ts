import type { ServerEnvelope, ServerMessageData, SubscribableTopic } from '@clms/protocol';
import type { Environment, LocksLike } from '../environment.ts';
import type { WireFilters } from '../filters.ts';
import type { TopicHub } from '../topic-hub.ts';
import { isKnownTopic } from '../topic-reducers.ts';
import type { FromLeader } from './tab-messages.ts';

/** Name of the lock that a tab holds while it lives. */
export const tabLock = (tab: string): string => `clms-tab:${tab}`;

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
  readonly #asked = new Set<SubscribableTopic>();

  constructor(env: Environment, locks: LocksLike, hub: TopicHub, post: (message: FromLeader) => void) {
    this.#env = env;
    this.#locks = locks;
    this.#hub = hub;
    this.#post = post;
  }

  want(tab: string, topic: SubscribableTopic, filters: WireFilters): void {
    if (!this.#watched.has(topic)) this.#watched.set(topic, this.#hub.entry(topic).listen(() => this.#answer(topic)));
    const holds = this.#tabs.get(tab) ?? this.#greet(tab);
    const before = holds.get(topic);
    holds.set(topic, this.#hub.hold(topic, filters));
    before?.();
    this.#asked.add(topic);
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
    if (frame.type !== 'subscribed') return this.#post({ kind: 'frame', frame });
    // It answers this tab's position, not the others': they get the state itself, unless the events between follow.
    const { topic, recovered } = frame.data as ServerMessageData<'subscribed'>;
    if (recovered !== true && isKnownTopic(topic)) this.#asked.add(topic);
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

  #answer(topic: SubscribableTopic): void {
    const { phase, position, loadedFilters: filters, state, provenAt } = this.#hub.entry(topic);
    if (!this.#asked.has(topic)) return;
    if (phase.state === 'refused') this.#post({ kind: 'refused', topic, code: phase.code, message: phase.message });
    else if (phase.state === 'live' && position && filters) this.#post({ kind: 'topic', topic, held: { position, state, filters, ...(provenAt !== undefined && { provenAt }) } });
    else return;
    this.#asked.delete(topic);
  }
}
