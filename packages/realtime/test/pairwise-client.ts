import type { Row } from './covering-array.ts';
import { PollLine, SseLine, WsLine, type Line } from './pairwise-lines.ts';
import { seenBy, TOPICS, type Data, type Published, type Topic } from './pairwise-world.ts';

interface Position {
  readonly epoch: string;
  offset: number;
}

/** A client that follows both topics in the manner of one row, and writes down what ought not to happen. */
export class PairwiseClient {
  readonly faults: string[] = [];
  readonly received = new Map<Topic, Map<number, Data>>(TOPICS.map((topic) => [topic, new Map()]));
  readonly begun = new Map<Topic, number>();
  readonly seen: Record<string, number> = {};
  readonly #row: Row;
  readonly #role: string;
  readonly #positions = new Map<Topic, Position>();
  /** Topics that have been asked for again after a gap: what comes before the answer is of no use. */
  readonly #stale = new Set<Topic>();
  #token: string;
  #port = 0;
  #line: Line | undefined;
  #lastEventId = '';
  #wake: () => void = () => undefined;

  constructor(row: Row, user: string) {
    this.#row = row;
    this.#token = user;
    this.#role = user.startsWith('guest') ? 'GUEST' : 'STAFF';
  }

  /** Connects, with the positions it has, if any. */
  open(port = this.#port): void {
    this.#port = port;
    const options = {
      port, token: this.#token, batch: this.#row['batch'] === 'on', compression: this.#row['compression'] === 'on', lastEventId: this.#lastEventId,
      subscriptions: () => TOPICS.map((topic) => this.#subscription(topic)),
      take: (message: any) => this.#line === line && this.#take(message),
      readEventId: (id: string) => void (this.#line === line && (this.#lastEventId = id)),
    };
    const line: Line = this.#row['transport'] === 'ws' ? new WsLine(options) : this.#row['transport'] === 'sse' ? new SseLine(options) : new PollLine(options);
    this.#line = line;
  }

  get line(): Line {
    return this.#line!;
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds() && this.faults.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** Has what was published on this topic up to this offset. */
  reached(topic: Topic, offset: number): Promise<void> {
    return this.until(() => (this.#positions.get(topic)?.offset ?? -1) >= offset && !this.#stale.has(topic));
  }

  count(type: string): number {
    return this.seen[type] ?? 0;
  }

  /** On a line that can be spoken on in place, else with the next request. */
  renewToken(): void {
    this.#token += '~2';
    if (this.line instanceof WsLine) this.line.send({ type: 'authenticate', data: { token: this.#token } });
    else this.reopen();
  }

  reopen(): void {
    const old = this.line;
    this.open();
    old.cut();
  }

  /** Asks the server whether anything is missing, where that can be asked [POS3]. */
  verify(): void {
    if (this.line instanceof WsLine) this.line.send({ type: 'ping', data: {} });
  }

  /** What should have come of all that was published, as [topic offset data]. Of a topic that keeps the newest of each entity only, the newest. */
  expected(log: readonly Published[]): unknown[] {
    const mine = log.filter(({ topic, offset, data }) => offset > (this.begun.get(topic) ?? 0) && (this.#row['filter'] === 'none' || data.shop === 'north'));
    const newest = new Map(mine.filter(({ topic }) => topic === 'prices').map((event) => [event.data.entity, event]));
    return mine.filter((event) => event.topic === 'orders' || newest.get(event.data.entity) === event).map(({ topic, offset, data }) => [topic, offset, seenBy(this.#role, data)]);
  }

  /** The same of what did come. */
  got(log: readonly Published[]): unknown[] {
    const newest = new Map([...this.received.get('prices')!.values()].map((data) => [data.entity, data]));
    return log.filter(({ topic, offset }) => this.received.get(topic)!.has(offset)).map(({ topic, offset }) => [topic, offset, this.received.get(topic)!.get(offset)!] as const)
      .filter(([topic, , data]) => topic === 'orders' || newest.get(data.entity) === data);
  }

  #subscription(topic: Topic): Record<string, unknown> {
    const position = this.#positions.get(topic);
    return { topic, ...(this.#row['filter'] === 'by shop' && { filters: { shop: 'north' } }), ...(position && { since: { ...position } }) };
  }

  #take(message: any): void {
    const { type, data } = message;
    this.seen[type] = (this.seen[type] ?? 0) + 1;
    if (type === 'batch') for (const one of data.messages) this.#take(one);
    else if (type === 'changed') this.#apply(message);
    else if (type === 'subscribed') this.#begin(data);
    else if (type === 'gap') this.#askAgain(data.topic);
    else if (type === 'position') this.#move(data.topic, data.offset);
    else if (type === 'cursors') for (const topic of TOPICS) this.#move(topic, data[topic].offset);
    else if (type === 'pong') for (const topic of TOPICS) this.#judge(topic, data.positions[topic]);
    else if (type === 'error') this.faults.push(JSON.stringify(data));
    this.#wake();
  }

  #begin({ topic, epoch, offset, recovered }: any): void {
    this.#stale.delete(topic);
    if (this.#positions.has(topic)) {
      if (recovered !== true) this.faults.push(`${topic}: asked to resume, was told ${recovered}`);
      return;
    }
    this.begun.set(topic, offset);
    this.#positions.set(topic, { epoch, offset });
  }

  #apply({ topic, offset, prev, data }: any): void {
    const position = this.#positions.get(topic)!;
    if (this.#stale.has(topic)) return;
    if (offset <= position.offset) this.faults.push(`${topic} ${offset} came again, or late, behind ${position.offset}`);
    if (prev > position.offset) this.faults.push(`${topic}: between ${position.offset} and ${prev} something was lost in silence`);
    position.offset = offset;
    this.received.get(topic)!.set(offset, data);
  }

  #askAgain(topic: Topic): void {
    // Whatever is lost before the answer to the first question is in that answer.
    if (this.#stale.has(topic)) return;
    this.#stale.add(topic);
    if (this.line instanceof WsLine) this.line.send({ type: 'subscribe', data: this.#subscription(topic) });
    // The id that goes with the gap is the same as before it: what comes after a gap does not move it.
    else if (this.line instanceof SseLine) this.reopen();
  }

  #move(topic: Topic, offset: number): void {
    const position = this.#positions.get(topic);
    if (position && !this.#stale.has(topic)) position.offset = Math.max(position.offset, offset);
  }

  #judge(topic: Topic, { prev }: { prev: number }): void {
    if (prev > this.#positions.get(topic)!.offset) this.#askAgain(topic);
  }
}
