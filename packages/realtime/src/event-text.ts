import type { TopicEvent } from './broker.ts';
import { Frame } from './frame.ts';

/** Different `prev` that one event's frames are kept for; those beyond are made for each connection anew. */
const MOST_REMEMBERED = 256;

/**
 * The text of one event as one audience sees it: encoded once. `prev` stands last, so that groups with another history share all the rest,
 * and groups with the same share the frame.
 */
export class EventText {
  readonly #head: string;
  #prev: number | undefined;
  #frame: Frame | undefined;
  /** Frames with another `prev` than the first: groups whose filters let other events pass. */
  #others: Map<number, Frame> | undefined;

  constructor(event: TopicEvent, data: unknown) {
    const { id, timestamp, type, topic, offset } = event;
    this.#head = `{"id":${JSON.stringify(id)},"timestamp":${JSON.stringify(timestamp)},"type":${JSON.stringify(type)},"topic":${JSON.stringify(topic)},"offset":${offset},"data":${JSON.stringify(data)},"prev":`;
  }

  /** About how many bytes a frame of it has: counted in characters, which no budget notices. */
  get size(): number {
    return this.#frame?.size ?? this.#head.length + 12;
  }

  frame(prev: number): Frame {
    if (this.#frame === undefined) {
      this.#prev = prev;
      return (this.#frame = this.#make(prev));
    }
    if (this.#prev === prev) return this.#frame;
    this.#others ??= new Map();
    let frame = this.#others.get(prev);
    if (!frame) {
      frame = this.#make(prev);
      if (this.#others.size < MOST_REMEMBERED) this.#others.set(prev, frame);
    }
    return frame;
  }

  #make(prev: number): Frame {
    return new Frame(`${this.#head}${prev}}`);
  }

  /** For the client whose message caused the event: its copy is the answer. */
  replyFrame(prev: number, replyTo: string): Frame {
    return new Frame(`${this.#head}${prev},"replyTo":${JSON.stringify(replyTo)}}`);
  }
}
