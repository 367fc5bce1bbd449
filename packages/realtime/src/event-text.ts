import type { TopicEvent } from './broker.ts';
import { Frame } from './frame.ts';

/**
 * The text of one event as one audience sees it: encoded once. `prev` stands last, so that groups with another history share all the rest,
 * and groups with the same share the frame.
 */
export class EventText {
  readonly #head: string;
  #prev: number | undefined;
  #frame: Frame | undefined;

  constructor(event: TopicEvent, data: unknown) {
    const { id, timestamp, type, topic, offset } = event;
    this.#head = `{"id":${JSON.stringify(id)},"timestamp":${JSON.stringify(timestamp)},"type":${JSON.stringify(type)},"topic":${JSON.stringify(topic)},"offset":${offset},"data":${JSON.stringify(data)},"prev":`;
  }

  /** About how many bytes a frame of it has: counted in characters, which no budget notices. */
  get size(): number {
    return this.#frame?.size ?? this.#head.length + 12;
  }

  frame(prev: number): Frame {
    if (this.#frame && this.#prev === prev) return this.#frame;
    const frame = new Frame(`${this.#head}${prev}}`);
    // The first is the common one; a rewritten `prev` belongs to a single slow connection.
    if (!this.#frame) {
      this.#frame = frame;
      this.#prev = prev;
    }
    return frame;
  }

  /** For the client whose message caused the event: its copy is the answer. */
  replyFrame(prev: number, replyTo: string): Frame {
    return new Frame(`${this.#head}${prev},"replyTo":${JSON.stringify(replyTo)}}`);
  }
}
