import type { TopicEvent } from './broker.ts';
import { seenBy } from './projection.ts';
import type { GroupRules } from './subscription-index.ts';

/** Events looked at for the last one that a new group would have got; what lies before them counts as one of its events. */
const LOOKED_BACK = 500;
/** Cut when twice as many have gathered, so that forgetting is cheap. */
const MOST_KEPT = 2 * LOOKED_BACK;

/** The newest events of each topic, as this node was told them: a new group finds its `prev` there [POS2]. */
export class RecentEvents {
  readonly #topics = new Map<string, TopicEvent[]>();

  add(event: TopicEvent): void {
    let events = this.#topics.get(event.topic);
    if (!events) this.#topics.set(event.topic, (events = []));
    events.push(event);
    if (events.length >= MOST_KEPT) events.splice(0, events.length - LOOKED_BACK);
  }

  /** Events from before this node listened, oldest first. */
  addEarlier(topic: string, earlier: readonly TopicEvent[]): void {
    const events = this.#topics.get(topic) ?? [];
    const first = events[0]?.offset ?? Number.POSITIVE_INFINITY;
    this.#topics.set(topic, [...earlier.filter((event) => event.offset < first), ...events]);
  }

  /** The topic's offsets begin anew. */
  forget(topic: string): void {
    this.#topics.delete(topic);
  }

  /**
   * Offset of the newest event that a group with these rules would have received, at most `position`. When there is none among those kept:
   * the offset before the oldest kept, of which nothing is known.
   */
  lastMatch(group: GroupRules, position: number): number {
    const events = this.#topics.get(group.topic.name) ?? [];
    for (let at = events.length - 1; at >= 0; at--) {
      const event = events[at]!;
      if (event.offset <= position && seenBy(group, event) !== undefined) return event.offset;
    }
    return events.length === 0 ? position : Math.min(position, events[0]!.offset - 1);
  }
}
