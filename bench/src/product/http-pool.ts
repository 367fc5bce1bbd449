import { connect, type Socket } from 'node:net';

const HEAD_END = '\r\n\r\n';

export interface RawAnswer {
  readonly status: number;
  readonly text: string;
}

interface Waiting {
  readonly request: string;
  resolve(answer: RawAnswer): void;
  reject(error: Error): void;
}

/**
 * Kept-alive HTTP connections to one port, each with one request at a time; what finds none free waits in line. Written and read by hand: Node's own
 * client needs more of the processor than this, and shares it with the server that is measured.
 */
export class HttpPool {
  readonly #port: number;
  readonly #most: number;
  readonly #all = new Set<Connection>();
  readonly #free = new Set<Connection>();
  readonly #line: Waiting[] = [];

  constructor(port: number, most: number) {
    this.#port = port;
    this.#most = most;
  }

  /** Answers must say their length, as all of JSON do. */
  call(method: string, path: string, headers: Readonly<Record<string, string>>, body = ''): Promise<RawAnswer> {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const request = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${this.#port}\r\n${lines.join('')}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    return new Promise((resolve, reject) => {
      this.#line.push({ request, resolve, reject });
      const [free] = this.#free;
      if (free) this.#free.delete(free);
      this.#next(free);
    });
  }

  close(): void {
    for (const connection of this.#all) connection.close();
  }

  #next(connection: Connection | undefined): void {
    const chosen = connection ?? (this.#all.size < this.#most ? this.#open() : undefined);
    if (!chosen) return;
    const waiting = this.#line.shift();
    if (waiting) chosen.send(waiting);
    else this.#free.add(chosen);
  }

  #open(): Connection {
    const onFree = (): void => this.#next(connection);
    // The server ends connections that have been idle for some seconds.
    const onClosed = (): void => {
      this.#all.delete(connection);
      this.#free.delete(connection);
    };
    const connection = new Connection(this.#port, { onFree, onClosed });
    this.#all.add(connection);
    return connection;
  }
}

class Connection {
  readonly #socket: Socket;
  readonly #onFree: () => void;
  #received: Buffer = Buffer.alloc(0);
  #waiting: Waiting | undefined;

  constructor(port: number, { onFree, onClosed }: { onFree(): void; onClosed(): void }) {
    this.#onFree = onFree;
    this.#socket = connect(port, '127.0.0.1').setNoDelay(true);
    this.#socket.on('data', (bytes) => this.#read(bytes));
    this.#socket.on('error', (error) => this.#waiting?.reject(error));
    this.#socket.on('close', () => {
      onClosed();
      this.#waiting?.reject(new Error('the server closed the connection'));
    });
  }

  send(waiting: Waiting): void {
    this.#waiting = waiting;
    this.#socket.write(waiting.request);
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.#received.toString('latin1', 0, headEnd);
    const bodyStart = headEnd + HEAD_END.length;
    const bodyEnd = bodyStart + Number(/\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (this.#received.length < bodyEnd) return;
    const text = this.#received.toString('utf8', bodyStart, bodyEnd);
    this.#received = this.#received.subarray(bodyEnd);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve({ status: Number(head.slice(9, 12)), text });
    this.#onFree();
  }
}
