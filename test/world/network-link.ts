import type { WebSocketLike } from '../../packages/client/src/environment.ts';
import type { Clock } from '../../packages/realtime/src/clock.ts';
import type { Frame } from '../../packages/realtime/src/frame.ts';
import type { Transport } from '../../packages/realtime/src/transport.ts';
import type { Device } from './device.ts';
import { Pipe } from './pipe.ts';

/** Bytes on the way that the network takes before the sender has to wait. */
const WINDOW_BYTES = 1500;
/** Bytes waiting at the sender above which it is told to stop. */
const HIGH_WATER_BYTES = 1200;
const CLOSE_PATIENCE_MS = 2000;

/** What a link tells the node. */
export interface NodeEvents {
  onText(text: string): void;
  onSign(): void;
  onClosed(code: number): void;
}

export interface LinkOptions {
  readonly device: Device;
  readonly clock: Clock;
  readonly delayMs: () => number;
  /** Sees every frame when the server writes it. */
  readonly witness: (text: string) => void;
}

/** A WebSocket between a device and a node: two pipes, and an end on either side that learns of the other's fate at its own time. */
export class NetworkLink {
  readonly socket: WebSocketLike;
  readonly transport: Transport;
  readonly #options: LinkOptions;
  readonly #toServer: Pipe;
  readonly #toClient: Pipe;
  readonly #listeners = new Map<string, (event: never) => void>();
  #node: NodeEvents | undefined;
  #msPerByte = 0;
  #waiting: { readonly size: number; readonly arrive: () => void }[] = [];
  #waitingBytes = 0;
  #windowBytes = 0;
  #full = false;
  /** What came while the node reads nothing. */
  #unread: (() => void)[] | undefined;
  #clientEnded = false;
  #serverEnded = false;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#toServer = new Pipe(options.clock, options.delayMs);
    this.#toClient = new Pipe(options.clock, options.delayMs);
    this.socket = {
      addEventListener: (type: string, listener: (event: never) => void) => void this.#listeners.set(type, listener),
      send: (data) => this.#clientEnded || this.#toServer.send(() => this.#read(() => this.#node?.onText(data))),
      close: (code = 1000) => this.#closeByClient(code),
    };
    this.transport = this.#serverSide();
  }

  get isOver(): boolean {
    return this.#clientEnded && this.#serverEnded;
  }

  /** The device's request reaches the node. */
  request(arrive: () => void): void {
    this.#toServer.send(arrive);
  }

  /** The handshake is through. */
  accept(node: NodeEvents): void {
    this.#node = node;
  }

  /** An answer other than an upgrade: a browser tells its page only that it failed. */
  refuse(): void {
    this.#serverEnded = true;
    this.#toClient.send(() => this.#endClient(1006, ''));
  }

  /** Both ends learn that it is over. */
  cut(): void {
    this.#endServer(1006);
    this.#reset();
    this.#toServer.break();
  }

  /** Nothing comes through until `flow`. */
  stall(): void {
    this.#toServer.shut();
    this.#toClient.shut();
  }

  slow(msPerByte: number): void {
    this.#msPerByte = msPerByte;
  }

  flow(): void {
    this.#msPerByte = 0;
    this.#toServer.open();
    this.#toClient.open();
  }

  /** The cable is pulled: nothing comes through ever again, and nobody is told. */
  loseTouch(): void {
    this.#toServer.break();
    this.#toClient.break();
  }

  #serverSide(): Transport {
    const buffered = () => this.#waitingBytes;
    return {
      kind: 'ws',
      onDrain: undefined,
      get bufferedBytes() {
        return buffered();
      },
      write: (frames) => this.#write(frames),
      // Browsers answer by themselves, hidden or not, but not while the computer sleeps.
      ping: () => this.#serverEnded || this.#put(2, () => this.#options.device.run(() => this.#toServer.send(() => this.#read(() => undefined)))),
      close: (code, reason) => this.#closeByServer(code, reason),
      terminate: () => {
        this.#serverEnded = true;
        this.#reset();
      },
      pause: () => void (this.#unread ??= []),
      resume: () => {
        const unread = this.#unread ?? [];
        this.#unread = undefined;
        for (const work of unread) this.#read(work);
      },
    };
  }

  #write(frames: readonly Frame[]): boolean {
    if (this.#serverEnded) return true;
    for (const frame of frames) {
      const text = frame.payload.toString('utf8');
      this.#options.witness(text);
      this.#put(frame.size, () => this.#options.device.run(() => this.#clientEnded || this.#tell('message', { data: text })));
    }
    this.#full = this.#waitingBytes >= HIGH_WATER_BYTES;
    return !this.#full;
  }

  #put(size: number, arrive: () => void): void {
    this.#waiting.push({ size, arrive });
    this.#waitingBytes += size;
    this.#advance();
  }

  /** Hands to the network what it takes. */
  #advance(): void {
    while (this.#waiting.length > 0 && this.#windowBytes < WINDOW_BYTES) {
      const { size, arrive } = this.#waiting.shift()!;
      this.#waitingBytes -= size;
      this.#windowBytes += size;
      const taken = (): void => {
        this.#windowBytes -= size;
        this.#advance();
        arrive();
      };
      this.#toClient.send(taken, Math.round(size * this.#msPerByte));
    }
    if (!this.#full || this.#waiting.length > 0) return;
    this.#full = false;
    this.transport.onDrain?.();
  }

  #read(work: () => void): void {
    if (this.#serverEnded) return;
    if (this.#unread) {
      this.#unread.push(work);
      return;
    }
    this.#node?.onSign();
    work();
  }

  #closeByClient(code: number): void {
    if (this.#clientEnded) return;
    this.#clientEnded = true;
    this.#toServer.send(() => this.#endServer(code));
  }

  #closeByServer(code: number, reason: string): void {
    if (this.#serverEnded) return;
    this.#serverEnded = true;
    const cancel = this.#options.clock.setTimer(CLOSE_PATIENCE_MS, () => this.#reset());
    this.#put(4, () => {
      cancel();
      this.#endClient(code, reason);
    });
  }

  /** What has not left yet never will. */
  #reset(): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#toClient.send(() => this.#endClient(1006, ''));
  }

  #endServer(code: number): void {
    if (this.#serverEnded) return;
    this.#serverEnded = true;
    this.#node?.onClosed(code);
  }

  #endClient(code: number, reason: string): void {
    this.#toClient.break();
    this.#options.device.run(() => {
      if (this.#clientEnded) return;
      this.#clientEnded = true;
      this.#tell('close', { code, reason });
    });
  }

  #tell(type: string, event: unknown): void {
    this.#listeners.get(type)?.(event as never);
  }
}
