import type { Position, ServerEnvelope, ServerMessageData, SubscribableTopic } from '@clms/protocol';
import { matchesFilters } from './filters.ts';
import type { InboxItem } from './read-models.ts';
import type { TopicEntry } from './topic-entry.ts';
import { INBOX } from './wire-constants.ts';

/** What frames need of the topics. */
export interface FrameTopics {
  /** The topic's entry, if somebody holds it. */
  held(topic: string): TopicEntry | undefined;
  resubscribe(topic: SubscribableTopic): void;
  refuse(topic: SubscribableTopic, code: string, message: string): void;
  settle(): void;
}

export interface FrameEvents {
  /** A message for the application, once. Topic events come in order and without repeats. */
  onMessage(frame: ServerEnvelope): void;
  /** The state of a topic was replaced because what happened in between is lost [CL4]. */
  onReset(topic: SubscribableTopic): void;
}

/** Takes the server's frames: moves positions, applies events, and sees what is missing. */
export class TopicFrames {
  readonly #topics: FrameTopics;
  readonly #events: FrameEvents;

  constructor(topics: FrameTopics, events: FrameEvents) {
    this.#topics = topics;
    this.#events = events;
  }

  handle(frame: ServerEnvelope): void {
    if (frame.topic !== undefined && frame.offset !== undefined) return this.#event(frame, frame.topic, frame.offset);
    const data = frame.data as never;
    switch (frame.type) {
      case 'pong': return this.#pong(data);
      case 'position': return this.#position(data, frame.timestamp);
      case 'subscribed': this.#subscribed(frame, data); break;
      case 'unsubscribed': this.#unsubscribed(data); break;
      case 'gap': this.#topics.resubscribe((data as ServerMessageData<'gap'>).topic as SubscribableTopic); break;
    }
    this.#events.onMessage(frame);
  }

  /** The state of a topic was taken over from another tab, and the events since `before` have not been heard in this one. */
  skipped(entry: TopicEntry, before: Position): void {
    if (entry.topic === INBOX) this.#deliver(entry, ({ offset }) => offset > before.offset);
    else this.#events.onReset(entry.topic);
  }

  #event(frame: ServerEnvelope, topic: string, offset: number): void {
    const entry = this.#topics.held(topic);
    const verdict = entry?.take({ ...frame, offset }, frame.prev ?? 0);
    if (verdict === 'lost') this.#topics.resubscribe(entry!.topic);
    if (verdict !== 'applied') return;
    entry!.notify();
    // The subscription may let through more than anybody here asked for: it is shared.
    if ([...entry!.holds].some(({ filters, forTab }) => !forTab && matchesFilters(topic, frame.data, filters))) this.#events.onMessage(frame);
    this.#topics.settle();
  }

  #subscribed(frame: ServerEnvelope, data: ServerMessageData<'subscribed'>): void {
    const entry = this.#topics.held(data.topic);
    if (!entry) return;
    const { epoch, offset, recovered, snapshot } = data;
    const own = entry.position;
    const from = entry.phase.state === 'requested' ? entry.phase.from : undefined;
    const goesOn = recovered === true && own?.epoch === epoch;
    if (!goesOn || snapshot !== undefined) {
      const before = entry.state;
      entry.replace({ epoch, offset }, snapshot, data.filters);
      // The events in between follow, and are heard though the state has them.
      if (goesOn) entry.position = own;
      if (recovered === false && own) this.#events.onReset(entry.topic);
      if (entry.topic === INBOX) {
        const seen = new Set((before as readonly InboxItem[]).map(({ id }) => id));
        this.#deliver(entry, ({ id, delivered }) => !delivered && !seen.has(id));
      }
    }
    if (recovered === true) entry.recover(from ?? entry.position!.offset, offset, data.filters);
    entry.prove(frame.timestamp);
    this.#topics.settle();
  }

  /** Direct messages that waited for this user reach the application like those that come live [DIR2]. */
  #deliver({ state }: TopicEntry, isNew: (item: InboxItem) => boolean): void {
    for (const { delivered: _delivered, ...message } of (state as readonly InboxItem[]).filter(isNew).toReversed()) this.#events.onMessage({ ...message, topic: INBOX });
  }

  #position({ topic, offset }: ServerMessageData<'position'>, at: string): void {
    const entry = this.#topics.held(topic);
    // While the topic is asked for anew, a position is still of the subscription before: it may lie beyond a gap, and would skip what was lost.
    if (!entry?.position || entry.asked) return;
    entry.advance(offset);
    entry.prove(at);
    this.#topics.settle();
  }

  /** The server's account of where each subscription should stand [POS3]. It is true for topics that are not being asked for anew. */
  #pong({ positions, serverTime }: ServerMessageData<'pong'>): void {
    for (const [topic, { epoch, offset, prev }] of Object.entries(positions)) {
      const entry = this.#topics.held(topic);
      if (!entry?.position || entry.phase.state !== 'live') continue;
      if (entry.position.epoch !== epoch || entry.position.offset < prev) this.#topics.resubscribe(entry.topic);
      else {
        entry.advance(offset);
        entry.prove(serverTime);
      }
    }
  }

  #unsubscribed({ topic, reason }: ServerMessageData<'unsubscribed'>): void {
    const entry = this.#topics.held(topic);
    if (!entry || reason === 'REQUESTED') return;
    entry.forget();
    this.#topics.refuse(entry.topic, 'UNAUTHORIZED', reason);
  }
}
