import type { App } from '../src/app.ts';

export interface Frame {
  readonly type: string;
  readonly data: any;
  readonly topic?: string;
  readonly offset?: number;
  readonly replyTo?: string;
}

/** A socket to a running server, as a browser opens one. */
export interface AppSocket {
  /** Everything that came, in order. */
  readonly frames: readonly Frame[];
  send(type: string, data: unknown): void;
  /** Sends a message and resolves to its answer. */
  ask(type: string, data: unknown): Promise<Frame>;
  /** The next frame of a type that was not waited for yet. */
  next(type: string, matches?: (frame: Frame) => boolean): Promise<Frame>;
  close(): void;
}

export async function openSocket(app: Pick<App, 'wsUrl'>, token: string): Promise<AppSocket> {
  const socket = new WebSocket(app.wsUrl, ['clms.v1', `bearer.${token}`]);
  const frames: Frame[] = [];
  const taken = new Set<Frame>();
  let asked = 0;
  /** Resolves with the next frame; rejects when the socket is gone, which is an error only to whoever waits then. */
  const nextArrival = () => {
    const arrival = Promise.withResolvers<void>();
    arrival.promise.catch(() => undefined);
    return arrival;
  };
  let arrived = nextArrival();
  socket.addEventListener('message', ({ data }) => {
    frames.push(JSON.parse(String(data)) as Frame);
    arrived.resolve();
    arrived = nextArrival();
  });
  socket.addEventListener('close', ({ code }) => arrived.reject(new Error(`the socket closed with ${code}`)));
  const until = async (matches: (frame: Frame) => boolean): Promise<Frame> => {
    for (;;) {
      const found = frames.find((frame) => !taken.has(frame) && matches(frame));
      if (found) {
        taken.add(found);
        return found;
      }
      await arrived.promise;
    }
  };
  const next: AppSocket['next'] = (type, matches = () => true) => until((frame) => frame.type === type && matches(frame));
  await next('welcome');
  return {
    frames,
    next,
    send: (type, data) => socket.send(JSON.stringify({ type, data })),
    ask(type, data) {
      const id = `ask-${++asked}`;
      socket.send(JSON.stringify({ id, type, data }));
      return until((frame) => frame.replyTo === id);
    },
    close: () => socket.close(),
  };
}
