import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * What the line does: `open` carries both ways; `deaf` carries what is sent and loses the answers; `dead` carries nothing and tells nobody, as
 * a laptop's line does while it sleeps; `cut` refuses and has ended what was open.
 */
type LineState = 'open' | 'deaf' | 'dead' | 'cut';

interface Line {
  state: LineState;
  /** Milliseconds that every chunk takes, either way. */
  delayMs: number;
  readonly sockets: Set<Socket>;
}

/** A network cable between a browser and the server that a test can cut, stall and plug in again. */
export class CuttableLine {
  readonly url: string;
  readonly #line: Line;
  readonly #close: () => void;

  private constructor(url: string, line: Line, close: () => void) {
    this.url = url;
    this.#line = line;
    this.#close = close;
  }

  static async to(serverUrl: string): Promise<CuttableLine> {
    const line: Line = { state: 'open', delayMs: 0, sockets: new Set() };
    const port = Number(new URL(serverUrl).port);
    const listener = createServer((near) => {
      if (line.state === 'cut') return near.destroy();
      const far = connect(port, '127.0.0.1');
      for (const [socket, other] of [[near, far], [far, near]] as const) {
        line.sockets.add(socket);
        // A peer that is gone takes the other end with it, as a cable does; on a dead line nobody hears of it.
        socket.on('error', () => line.state !== 'dead' && other.destroy());
        socket.on('close', () => {
          line.sockets.delete(socket);
          if (line.state !== 'dead') other.destroy();
        });
        const carries = () => line.state === 'open' || (line.state === 'deaf' && socket === near);
        const carry = (chunk: Buffer) => void (carries() && !other.destroyed && other.write(chunk));
        socket.on('data', (chunk) => (line.delayMs === 0 ? carry(chunk) : setTimeout(carry, line.delayMs, chunk)));
      }
    });
    await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening));
    return new CuttableLine(`http://127.0.0.1:${(listener.address() as AddressInfo).port}`, line, () => listener.close());
  }

  cut(): void {
    this.#line.state = 'cut';
    this.#endAll();
  }

  loseAnswers(): void {
    this.#line.state = 'deaf';
  }

  /** Nothing passes any more, and neither end is told. */
  goDead(): void {
    this.#line.state = 'dead';
  }

  /** From now on everything takes so long, either way; 0 = as fast as it can. Change it while nothing is on the way: it must not overtake. */
  delay(byMs: number): void {
    this.#line.delayMs = byMs;
  }

  /** New connections work. What was open on a line that lost something has gaps in it: it ends, or with `endOld: false` stays
   * open and mute. */
  plugIn({ endOld = true }: { readonly endOld?: boolean } = {}): void {
    const lossy = this.#line.state === 'deaf' || this.#line.state === 'dead';
    if (lossy && endOld) this.#endAll();
    if (lossy && !endOld) for (const socket of this.#line.sockets) socket.removeAllListeners('data').resume();
    this.#line.state = 'open';
  }

  close(): void {
    this.#line.state = 'cut';
    this.#endAll();
    this.#close();
  }

  #endAll(): void {
    for (const socket of this.#line.sockets) socket.destroy();
  }
}
