export interface StreamMessage {
  readonly id: string;
  readonly message: { readonly type: string; readonly topic?: string; readonly offset?: number; readonly prev?: number; readonly data: any };
}

/** Reads server-sent events as the standard says, one after the other. */
export class EventStream {
  readonly response: Response;
  readonly comments: string[] = [];
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #rest = '';

  constructor(response: Response) {
    this.response = response;
    this.#reader = response.body!.getReader();
  }

  /** The next event with data, or undefined at the end of the stream. */
  async next(): Promise<StreamMessage | undefined> {
    for (;;) {
      const end = this.#rest.indexOf('\n\n');
      if (end < 0) {
        const { value, done } = await this.#reader.read();
        if (done) return undefined;
        this.#rest += this.#decoder.decode(value, { stream: true });
        continue;
      }
      const lines = this.#rest.slice(0, end).split('\n');
      this.#rest = this.#rest.slice(end + 2);
      const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      this.comments.push(...lines.filter((line) => line.startsWith(':')));
      const data = field('data');
      if (data !== undefined) return { id: field('id') ?? '', message: JSON.parse(data) };
    }
  }

  async until(type: string): Promise<StreamMessage> {
    for (let next = await this.next(); next; next = await this.next()) if (next.message.type === type) return next;
    throw new Error(`the stream ended before a ${type} came`);
  }

  async close(): Promise<void> {
    await this.#reader.cancel();
  }
}
