import { INBOX } from '@clms/protocol';
import type { TopicEvent } from './broker.ts';
import type { Identity } from './identity.ts';
import type { Audience, TopicDefinition } from './topic.ts';

/** How long a direct message waits for somebody who was away [DIR2]. */
export const INBOX_KEPT_MS = 24 * 3_600_000;
/** Items of a snapshot at most, newest kept. */
const MOST_ITEMS = 1000;
/** Stretches of presence remembered per user, and users remembered; beyond, the oldest is forgotten and its messages count as not delivered. */
const MOST_STRETCHES = 50;
const MOST_USERS = 20_000;

interface InboxAudience extends Audience {
  readonly userId: string;
  readonly role: string;
}

/** One item of an inbox snapshot. */
export interface InboxItem {
  readonly id: string;
  readonly timestamp: string;
  readonly type: string;
  readonly data: unknown;
  readonly offset: number;
  readonly delivered: boolean;
}

interface Stretch {
  readonly from: number;
  to: number;
}

/**
 * The topic of direct messages: everybody is on it without asking, and gets what is for all, for its role, or for its user.
 * It also knows which offsets each user was connected for, so that a snapshot can say what was delivered.
 */
export class Inbox {
  readonly definition: TopicDefinition<InboxAudience>;
  /** Roles seen so far: a message to one user goes to its audiences alone. */
  readonly #roles = new Set<string>();
  readonly #stretches = new Map<string, Stretch[]>();
  /** Connections now, with the position they began at. Bounded by the connections of the node. */
  readonly #online = new Map<string, { readonly userId: string; from: number }>();
  /** Of the offsets that are remembered. */
  #epoch: string | undefined;

  constructor(wallNow: () => number) {
    this.definition = {
      name: INBOX,
      filters: {},
      delivery: 'undroppable',
      eventTypes: true,
      audience: (identity) => this.#audience(identity),
      project: (event, audience) => {
        this.#enter(event);
        return isFor(event, audience) ? event.data : undefined;
      },
      audienceKeys: (event) => this.#keys(event),
      snapshot: async ({ identity, audience, history }) => {
        const since = new Date(wallNow() - INBOX_KEPT_MS).toISOString();
        const events = (await history()).filter((event) => event.timestamp >= since && isFor(event, audience));
        if (events.length > 0) this.#enter({ epoch: events.at(-1)!.epoch, offset: Number.POSITIVE_INFINITY });
        return events.slice(-MOST_ITEMS).map((event): InboxItem => ({
          id: event.id, timestamp: event.timestamp, type: event.type, data: event.data, offset: event.offset, delivered: this.#wasDelivered(identity.userId, event.offset),
        }));
      },
    };
  }

  connected(clientId: string, userId: string, position: number): void {
    this.#online.set(clientId, { userId, from: position });
  }

  disconnected(clientId: string, position: number): void {
    const online = this.#online.get(clientId);
    if (!online) return;
    this.#online.delete(clientId);
    this.delivered(online.userId, online.from, position);
  }

  /** A user has everything after `from` up to `to`. */
  delivered(userId: string, from: number, to: number): void {
    if (to <= from) return;
    let stretches = this.#stretches.get(userId);
    // Put last again: the map forgets who has been away longest.
    this.#stretches.delete(userId);
    stretches = merge([...(stretches ?? []), { from, to }]).slice(-MOST_STRETCHES);
    this.#stretches.set(userId, stretches);
    if (this.#stretches.size > MOST_USERS) this.#stretches.delete(this.#stretches.keys().next().value!);
  }

  /** Offsets of an epoch that is over say nothing of the present one: in it, a user has what came while connected, from this offset on. */
  #enter({ epoch, offset }: Pick<TopicEvent, 'epoch' | 'offset'>): void {
    if (epoch === this.#epoch) return;
    if (this.#epoch !== undefined) {
      this.#stretches.clear();
      for (const online of this.#online.values()) online.from = Math.min(online.from, offset - 1);
    }
    this.#epoch = epoch;
  }

  #wasDelivered(userId: string, offset: number): boolean {
    for (const online of this.#online.values()) if (online.userId === userId && offset > online.from) return true;
    return this.#stretches.get(userId)?.some(({ from, to }) => offset > from && offset <= to) === true;
  }

  #audience({ userId, role }: Identity): InboxAudience {
    this.#roles.add(role);
    return { key: `${role} ${userId}`, userId, role };
  }

  #keys({ target }: TopicEvent): string[] | undefined {
    return target && 'userId' in target ? [...this.#roles].map((role) => `${role} ${target.userId}`) : undefined;
  }
}

function isFor({ target }: TopicEvent, { userId, role }: InboxAudience): boolean {
  if (!target || 'all' in target) return true;
  return 'role' in target ? target.role === role : target.userId === userId;
}

function merge(stretches: readonly Stretch[]): Stretch[] {
  const merged: Stretch[] = [];
  for (const { from, to } of stretches.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}
