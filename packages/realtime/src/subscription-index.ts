import type { TopicEvent } from './broker.ts';
import type { Burst } from './burst.ts';
import type { Connection } from './connection.ts';
import { compileFilters, type AskedFilters, type Matcher } from './filters.ts';
import type { EventItem } from './outbound-queue.ts';
import type { Audience, NormalFilters, TopicDefinition } from './topic.ts';

/** An event on its way to a subscription that is still being set up. */
export interface HeldEvent {
  readonly offset: number;
  readonly event: TopicEvent;
  /** Undefined = withheld from this connection alone. */
  readonly item: EventItem | undefined;
}

/** One connection's subscription to one topic. */
export interface Subscription {
  readonly connection: Connection;
  group: Group;
  /** Its filters as the client wrote them. */
  asked: AskedFilters;
  /** Events up to here are not for it: it has them from before, or they are in its snapshot. */
  floor: number;
  /** While it is set up, live events wait here [SUB2]; undefined = live. Set by `holdBack`. */
  held: HeldEvent[] | undefined;
  /** The one before it, which holds its events back too and goes on if this one cannot be set up. */
  replaces: Subscription | undefined;
  /** Place in the group's list of members. */
  place: number;
}

/** Subscriptions with equal filters and the same audience: they get the same frames. */
export interface Group {
  readonly topic: TopicDefinition;
  readonly audience: Audience;
  readonly filters: NormalFilters;
  readonly filterKey: string;
  readonly matches: Matcher;
  readonly members: Subscription[];
  /** Offset of the newest event that its members should have received [POS2]. */
  lastMatch: number;
  /** The events of this turn, while members may share them. */
  burst: Burst | undefined;
}

/** What comes next goes to each member anew: something has changed about one of them. */
export function endBurst(group: Group): void {
  group.burst?.end();
}

/** From here on the subscription's events wait, until what is to stand before them has been sent. */
export function holdBack(subscription: Subscription): void {
  endBurst(subscription.group);
  subscription.held ??= [];
}

interface AudienceEntry {
  readonly audience: Audience;
  readonly groups: Map<string, Group>;
}

/** What a group wants, before it exists. */
export type GroupRules = Pick<Group, 'topic' | 'audience' | 'filters' | 'matches'>;

/** Topic → audience → filters → group. Grows with distinct audiences and filters, not with clients. */
export class SubscriptionIndex {
  readonly #topics = new Map<string, Map<string, AudienceEntry>>();
  readonly #lastMatch: (rules: GroupRules, position: number) => number;

  /** `lastMatch` tells for a new group the newest event that it would have received; `position` is the topic's newest of all. */
  constructor(lastMatch: (rules: GroupRules, position: number) => number = (_, position) => position) {
    this.#lastMatch = lastMatch;
  }

  audiencesOf(topic: string): Map<string, AudienceEntry> | undefined {
    return this.#topics.get(topic);
  }

  /** Puts a connection into the group of its audience and filters, which is made when it is the first. */
  join(connection: Connection, topic: TopicDefinition, audience: Audience, filters: NormalFilters, filterKey: string, position: number): Subscription {
    const group = this.#group(topic, audience, filters, filterKey, position);
    endBurst(group);
    const subscription: Subscription = { connection, group, asked: filters, floor: position, held: undefined, replaces: undefined, place: group.members.length };
    group.members.push(subscription);
    return subscription;
  }

  /** The same subscription for another audience: what it holds back and where it stands stays. */
  move(subscription: Subscription, audience: Audience, position: number): void {
    const { topic, filters, filterKey } = subscription.group;
    const group = this.#group(topic, audience, filters, filterKey, position);
    this.leave(subscription);
    endBurst(group);
    subscription.group = group;
    subscription.place = group.members.length;
    group.members.push(subscription);
  }

  leave(subscription: Subscription): void {
    const { group, place } = subscription;
    const last = group.members.at(-1);
    if (last === undefined || group.members[place] !== subscription) return;
    endBurst(group);
    group.members[place] = last;
    last.place = place;
    group.members.pop();
    if (group.members.length > 0) return;
    const audiences = this.#topics.get(group.topic.name);
    const entry = audiences?.get(group.audience.key);
    entry?.groups.delete(group.filterKey);
    if (entry?.groups.size === 0) audiences!.delete(group.audience.key);
    if (audiences?.size === 0) this.#topics.delete(group.topic.name);
  }

  #group(topic: TopicDefinition, audience: Audience, filters: NormalFilters, filterKey: string, position: number): Group {
    let audiences = this.#topics.get(topic.name);
    if (!audiences) this.#topics.set(topic.name, (audiences = new Map()));
    let entry = audiences.get(audience.key);
    if (!entry) audiences.set(audience.key, (entry = { audience, groups: new Map() }));
    let group = entry.groups.get(filterKey);
    if (!group) {
      const rules = { topic, audience, filters, matches: compileFilters(topic, filters) };
      group = { ...rules, filterKey, members: [], lastMatch: this.#lastMatch(rules, position), burst: undefined };
      entry.groups.set(filterKey, group);
    }
    return group;
  }

  /** Members by topic. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const [topic, audiences] of this.#topics) {
      let members = 0;
      for (const { groups } of audiences.values()) for (const group of groups.values()) members += group.members.length;
      counts[topic] = members;
    }
    return counts;
  }

  *groups(topic: string): Iterable<Group> {
    for (const { groups } of this.#topics.get(topic)?.values() ?? []) yield* groups.values();
  }
}
