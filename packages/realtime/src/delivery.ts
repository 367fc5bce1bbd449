import type { TopicEvent, TopicPosition } from './broker.ts';
import { fanOut } from './fan-out.ts';
import { RecentEvents } from './recent-events.ts';
import { endBurst, SubscriptionIndex } from './subscription-index.ts';
import type { TopicDefinition } from './topic.ts';

/** From the broker to the subscribers of this node. */
export class Delivery {
  readonly recent = new RecentEvents();
  readonly index = new SubscriptionIndex((rules, position) => this.recent.lastMatch(rules, position));
  readonly #topics: ReadonlyMap<string, TopicDefinition>;
  readonly #onError: (error: unknown, doing: string) => void;

  constructor(topics: ReadonlyMap<string, TopicDefinition>, onError: (error: unknown, doing: string) => void) {
    this.#topics = topics;
    this.#onError = onError;
  }

  deliver(events: readonly TopicEvent[]): void {
    for (const event of events) {
      const topic = this.#topics.get(event.topic);
      if (!topic) continue;
      this.recent.add(event);
      try {
        fanOut(this.index, topic, event);
      } catch (error) {
        // A projection failed. Whoever did not get the event sees by the next `prev` that one is missing, and asks for it.
        for (const group of this.index.groups(event.topic)) group.lastMatch = Math.max(group.lastMatch, event.offset);
        this.#onError(error, `bringing ${event.id} to the subscribers of ${event.topic}`);
      }
    }
  }

  /** [POS1] Whatever clients have of this topic, they cannot be told from here on what they miss. */
  epochLost({ topic, epoch, offset }: TopicPosition): void {
    this.recent.forget(topic);
    for (const group of this.index.groups(topic)) {
      endBurst(group);
      group.lastMatch = offset;
      for (const subscription of group.members) {
        subscription.floor = Math.min(subscription.floor, offset);
        if (subscription.held) subscription.held = [];
        subscription.connection.forgetGaps(topic);
        subscription.connection.send('gap', { topic, from: 0, to: offset, reason: 'EPOCH', epoch });
      }
    }
  }
}
