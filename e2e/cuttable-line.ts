import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * What the line does: `open` carries both ways; `deaf` carries what is sent and loses the answers; `cut` refuses and has ended what was open.
 */
type LineState = 'open' | 'deaf' | 'cut';

/** A network cable between a browser and the server that a test can cut and plug in again. */
export class CuttableLine {
  readonly url: string;
  readonly #close: () => void;
  readonly #sockets: Set<Socket>;
  readonly #state: { now: LineState };

  private constructor(url: string, parts: { close: () => void; sockets: Set<Socket>; state: { now: LineState } }) {
    this.url = url;
    this.#close = parts.close;
    this.#sockets = parts.sockets;
    this.#state = parts.state;
  }

  static async to(serverUrl: string): Promise<CuttableLine> {
    const state: { now: LineState } = { now: 'open' };
    const sockets = new Set<Socket>();
    const port = Number(new URL(serverUrl).port);
    const listener = createServer((near) => {
      if (state.now === 'cut') return near.destroy();
      const far = connect(port, '127.0.0.1');
      for (const [socket, other] of [[near, far], [far, near]] as const) {
        sockets.add(socket);
        // A peer that is gone takes the other end with it, as a cable does.
        socket.on('error', () => other.destroy());
        socket.on('close', () => {
          sockets.delete(socket);
          other.destroy();
        });
      }
      near.on('data', (chunk) => far.write(chunk));
      far.on('data', (chunk) => state.now !== 'deaf' && near.write(chunk));
    });
    await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
    return new CuttableLine(url, { close: () => listener.close(), sockets, state });
  }

  cut(): void {
    this.#state.now = 'cut';
    this.#endAll();
  }

  loseAnswers(): void {
    this.#state.now = 'deaf';
  }

  plugIn(): void {
    // What went on while answers were lost has gaps in it and is of no use to anybody.
    if (this.#state.now === 'deaf') this.#endAll();
    this.#state.now = 'open';
  }

  close(): void {
    this.#endAll();
    this.#close();
  }

  #endAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
