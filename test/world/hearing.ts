import { INBOX, TOPICS } from '../../packages/protocol/src/index.ts';
import type { NewEvent } from '../../packages/realtime/src/broker.ts';
import type { LoggedEvent } from './simulated-redis.ts';

type Wanted = (event: NewEvent) => boolean;

/** From where on a topic's events are to be heard, and what has been. */
interface Base {
  readonly epoch: string;
  readonly offset: number;
  readonly heard: Set<number>;
  /** Events that pass all of these are due: what was wanted at each time since. */
  readonly wanted: Wanted[];
}

/** What one client's application is told of the topics it follows, held against what was published. */
export class Hearing {
  readonly faults: string[] = [];
  readonly #taken: () => readonly LoggedEvent[];
  readonly #bases = new Map<string, Base>();
  readonly #last = new Map<string, number>();
  readonly #inbox = new Set<number>();
  readonly #announced = new Set<string>();

  constructor(taken: () => readonly LoggedEvent[]) {
    this.#taken = taken;
  }

  /** An event reached the application: once, and behind those before it. */
  event(topic: string, offset: number, id: string): void {
    const published = this.#taken().findLast((one) => one.topic === topic && one.offset === offset && one.event.id === id);
    if (!published) return void this.faults.push(`heard ${topic} ${offset} ${id}, which was never published`);
    const { seq } = published;
    if (topic === INBOX) {
      if (this.#inbox.has(seq)) this.faults.push(`heard the direct message ${offset} twice`);
      this.#inbox.add(seq);
    } else {
      const last = this.#last.get(topic) ?? -1;
      if (seq <= last) this.faults.push(`heard ${topic} ${offset} ${seq === last ? 'twice' : 'after a later one'}`);
      this.#last.set(topic, seq);
    }
    this.#bases.get(topic)?.heard.add(seq);
  }

  reset(topic: string): void {
    this.#announced.add(topic);
  }

  subscribed(topic: string, { epoch, offset, recovered }: { readonly epoch: string; readonly offset: number; readonly recovered?: boolean }, wanted: Wanted): void {
    const announced = this.#announced.delete(topic);
    if (recovered === true) return;
    if (recovered === false && !announced) this.faults.push(`${topic} was lost in between, and the application was not told`);
    if (recovered === undefined && this.#bases.has(topic)) this.faults.push(`${topic} began anew for no reason`);
    this.#bases.set(topic, { epoch, offset, heard: new Set(), wanted: [wanted] });
  }

  /** Other filters from now on. Wider ones take another snapshot, and still nothing of what passes both may be missed. */
  wantedChanged(topic: string, wanted: Wanted): void {
    this.#bases.get(topic)?.wanted.push(wanted);
  }

  /** Nobody follows it any more, or it may not: the next snapshot begins another story. */
  forget(topic: string): void {
    this.#bases.delete(topic);
    this.#last.delete(topic);
  }

  forgetAll(): void {
    this.#bases.clear();
    this.#last.clear();
    this.#inbox.clear();
  }

  /** How far each topic was heard. */
  course(): unknown {
    return [[...this.#last], this.#inbox.size];
  }

  /** Events that should have been heard by now and were not, though no loss was announced. `due` = this client should have it. */
  missing(due: (event: NewEvent) => boolean): string[] {
    return [...this.#bases].flatMap(([topic, { epoch, offset, heard, wanted }]) => {
      if (topic !== INBOX && TOPICS[topic as keyof typeof TOPICS].delivery === 'latest') return [];
      return this.#taken()
        .filter((event) => event.topic === topic && event.epoch === epoch && event.offset > offset && !heard.has(event.seq))
        .filter(({ event }) => due(event) && wanted.every((wants) => wants(event)))
        .map(({ offset: missed, event }) => `never heard ${topic} ${missed} (${JSON.stringify(event).slice(0, 200)})`);
    });
  }
}
