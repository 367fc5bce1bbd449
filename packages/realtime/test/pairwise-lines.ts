import { get, type IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';

/** How a client of one row is connected, and what it does with what comes. */
export interface LineOptions {
  readonly port: number;
  readonly token: string;
  readonly batch: boolean;
  readonly compression: boolean;
  /** What to follow from here on, with positions. */
  subscriptions(): readonly Record<string, unknown>[];
  take(message: any): void;
  /** `Last-Event-ID`, as last read. */
  readonly lastEventId: string;
  readEventId(id: string): void;
}

/** One connection of a client, by any transport. */
export interface Line {
  /** Reads nothing more until `go`. */
  stop(): void;
  go(): void;
  /** Cuts the connection. */
  cut(): void;
  /** Why the other side ended it: a close code, or undefined where it just ended. */
  readonly ended: Promise<number | undefined>;
}

/** The only line that can be spoken on. */
export class WsLine implements Line {
  readonly ended: Promise<number>;
  readonly #socket: WebSocket;

  constructor({ port, token, batch, compression, subscriptions, take }: LineOptions) {
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}/ws${batch ? '?batch=1' : ''}`, { headers: { authorization: `Bearer ${token}` }, perMessageDeflate: compression });
    this.#socket.on('open', () => {
      const messages = subscriptions().map((data) => ({ type: 'subscribe', data }));
      if (batch) this.send({ type: 'batch', data: { messages } });
      else for (const message of messages) this.send(message);
    });
    this.#socket.on('message', (text) => take(JSON.parse(String(text))));
    this.#socket.on('error', () => undefined);
    this.ended = new Promise((resolve) => this.#socket.on('close', resolve));
  }

  get compressed(): boolean {
    return this.#socket.extensions.includes('permessage-deflate');
  }

  /** Before the line is open: as soon as it is, behind the subscriptions. */
  send(message: unknown): void {
    const text = JSON.stringify(message);
    if (this.#socket.readyState === this.#socket.CONNECTING) this.#socket.once('open', () => this.#socket.send(text));
    else this.#socket.send(text);
  }

  stop(): void {
    this.#socket.pause();
  }

  go(): void {
    this.#socket.resume();
  }

  cut(): void {
    this.#socket.terminate();
  }
}

/** A stream of server-sent events. */
export class SseLine implements Line {
  readonly ended: Promise<number | undefined>;
  #response: IncomingMessage | undefined;
  #stopped = false;
  #rest = '';
  #code: number | undefined;
  readonly #options: LineOptions;
  readonly #request;

  constructor(options: LineOptions) {
    this.#options = options;
    const { port, token, lastEventId } = options;
    const path = `/events?subscribe=${encodeURIComponent(JSON.stringify(options.subscriptions()))}`;
    this.#request = get({ host: '127.0.0.1', port, path, agent: false, headers: { authorization: `Bearer ${token}`, ...(lastEventId && { 'last-event-id': lastEventId }) } });
    this.ended = new Promise((resolve) => {
      this.#request.on('response', (response) => {
        this.#response = response;
        if (this.#stopped) response.pause();
        response.setEncoding('utf8').on('data', (text: string) => this.#read(text));
        response.on('error', () => undefined).on('close', () => resolve(this.#code));
      });
      this.#request.on('error', () => resolve(undefined));
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#response?.pause();
  }

  go(): void {
    this.#stopped = false;
    this.#response?.resume();
  }

  cut(): void {
    this.#request.destroy();
  }

  #read(text: string): void {
    this.#rest += text;
    const blocks = this.#rest.split('\n\n');
    this.#rest = blocks.pop()!;
    for (const block of blocks) {
      const id = /^id: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      const closed = /^: closed (\d+)/.exec(block)?.[1];
      if (closed !== undefined) this.#code = Number(closed);
      if (data !== undefined) this.#options.take(JSON.parse(data));
      if (id !== undefined) this.#options.readEventId(id);
    }
  }
}

/** One poll after the other. Stopped, it does not ask. */
export class PollLine implements Line {
  readonly ended: Promise<number | undefined>;
  #gate = Promise.resolve();
  #open: () => void = () => undefined;
  readonly #leaving = new AbortController();

  constructor(options: LineOptions) {
    this.ended = this.#run(options);
  }

  stop(): void {
    this.#gate = new Promise((resolve) => (this.#open = resolve));
  }

  go(): void {
    this.#open();
  }

  cut(): void {
    this.#open();
    this.#leaving.abort();
  }

  async #run({ port, token, subscriptions, take }: LineOptions): Promise<number | undefined> {
    for (;;) {
      await this.#gate;
      const path = `/poll?subscribe=${encodeURIComponent(JSON.stringify(subscriptions()))}`;
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization: `Bearer ${token}` }, signal: this.#leaving.signal }).catch(() => undefined); // cut, or no server any more
      if (response?.status !== 200) return undefined;
      const { messages, cursors } = (await response.json()) as { messages: unknown[]; cursors: Record<string, unknown> };
      for (const message of messages) take(message);
      take({ type: 'cursors', data: cursors });
    }
  }
}
