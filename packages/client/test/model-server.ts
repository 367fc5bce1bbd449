import type { FakeSocket, SentMessage } from './fake-socket.ts';

interface LoggedEvent {
  readonly offset: number;
  readonly item: Item;
}

export interface Item {
  readonly id: string;
  readonly type: string;
  readonly version: number;
}

/**
 * A server of one topic, `equipment`, by the letter of the protocol, whose wire can be disturbed: frames vanish, come twice, or are
 * announced as dropped; the history can be lost.
 */
export class ModelServer {
  epoch = 1;
  offset = 0;
  readonly items = new Map<string, Item>();
  #history: LoggedEvent[] = [];
  #socket: FakeSocket | undefined;
  #read = 0;
  #types: readonly string[] | undefined;
  /** Newest offset that the present subscription should have got. */
  #prev = 0;
  #subscribed = false;

  /** Publishes a change; `fate` is what the wire does to its frame. */
  publish(item: Item, fate: 'arrives' | 'vanishes' | 'comes twice' | 'is dropped'): void {
    this.items.set(item.id, item);
    this.offset++;
    const event = { offset: this.offset, item };
    this.#history.push(event);
    if (!this.#subscribed || !this.#passes(item)) return;
    const prev = this.#prev;
    this.#prev = this.offset;
    if (fate === 'is dropped') this.#socket?.receive('gap', { topic: 'equipment', from: event.offset, to: event.offset, reason: 'SLOW', epoch: `e${this.epoch}` });
    if (fate === 'arrives' || fate === 'comes twice') this.#send(event, prev);
    if (fate === 'comes twice') this.#send(event, prev);
    this.answer();
  }

  /** The history is gone; items stay. Without a word the next `pong` shows it. */
  loseHistory({ announced = false } = {}): void {
    if (announced && this.#subscribed) this.#socket?.receive('gap', { topic: 'equipment', from: 0, to: 0, reason: 'EPOCH', epoch: `e${this.epoch + 1}` });
    this.epoch++;
    this.offset = 0;
    this.#history = [];
    this.#prev = 0;
  }

  /** Only the newest events can be replayed. */
  prune(): void {
    this.#history = this.#history.slice(-2);
  }

  /** Takes a new connection. */
  accept(socket: FakeSocket): void {
    this.#socket = socket;
    this.#read = 0;
    this.#subscribed = false;
    socket.welcome();
    this.answer();
  }

  cut(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#subscribed = false;
    socket?.end(1006);
  }

  /** Answers whatever the client wrote. */
  answer(): void {
    for (let message = this.#next(); message; message = this.#next()) {
      if (message.type === 'ping') this.#pong(message);
      if (message.type === 'unsubscribe') this.#subscribed = false;
      if (message.type === 'subscribe') this.#subscribe(message);
    }
  }

  #next(): SentMessage | undefined {
    const message = this.#socket?.sent[this.#read];
    if (message) this.#read++;
    return message;
  }

  #subscribe(message: SentMessage): void {
    const { topic, filters, since, snapshot: wish } = message.data as { topic: string; filters?: { type?: string[] }; since?: { epoch: string; offset: number }; snapshot?: boolean };
    const position = { topic, filters: filters ?? {}, epoch: `e${this.epoch}`, offset: this.offset };
    if (topic !== 'equipment') {
      this.#socket?.receive('subscribed', { ...position, epoch: 'e', offset: 0, snapshot: [], ...(since && { recovered: true }) }, { replyTo: message.id });
      return;
    }
    this.#subscribed = true;
    this.#types = filters?.type;
    const replay = since && this.#since(since);
    const matching = this.#history.filter(({ item }) => this.#passes(item));
    this.#prev = matching.at(-1)?.offset ?? 0;
    const snapshot = [...this.items.values()].filter((item) => this.#passes(item));
    if (!replay) {
      this.#socket?.receive('subscribed', { ...position, snapshot, ...(since && { recovered: false }) }, { replyTo: message.id });
      return;
    }
    this.#socket?.receive('subscribed', { ...position, recovered: true, ...(wish && { snapshot }) }, { replyTo: message.id });
    for (const event of replay) this.#send(event, matching.findLast(({ offset }) => offset < event.offset)?.offset ?? 0);
    this.#socket?.receive('position', { topic, offset: position.offset });
  }

  #since({ epoch, offset }: { epoch: string; offset: number }): LoggedEvent[] | undefined {
    const oldest = this.#history[0]?.offset ?? this.offset + 1;
    if (epoch !== `e${this.epoch}` || offset > this.offset || offset < oldest - 1) return undefined;
    return this.#history.filter((event) => event.offset > offset && this.#passes(event.item));
  }

  #pong(message: SentMessage): void {
    const positions = this.#subscribed ? { equipment: { epoch: `e${this.epoch}`, offset: this.offset, prev: this.#prev } } : {};
    this.#socket?.receive('pong', { timestamp: 'x', serverTime: '2026-03-02T08:00:00.000Z', positions }, { replyTo: message.id });
  }

  #passes(item: Item): boolean {
    return !this.#types || this.#types.includes(item.type);
  }

  #send({ offset, item }: LoggedEvent, prev: number): void {
    this.#socket?.event('equipment', offset, prev, 'equipment_update', item, { id: `${this.epoch}/${offset}` });
  }
}
