import { settle } from './fake-environment.ts';

export interface FakeRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: unknown;
  readonly signal: AbortSignal | undefined;
  respond(status: number, body?: unknown, headers?: Record<string, string>): Promise<void>;
  /** Answers with an open event stream. */
  stream(): { write(text: string): Promise<void>; end(): Promise<void> };
  /** The network fails. */
  fail(): Promise<void>;
}

/** The server's end of `fetch`: every request waits until the test answers it. */
export class FakeHttp {
  readonly requests: FakeRequest[] = [];

  readonly fetch = (url: string, init: RequestInit): Promise<Response> =>
    new Promise((resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
      this.requests.push({
        url: new URL(url),
        method: init.method ?? 'GET',
        headers: init.headers as Record<string, string>,
        body: init.body === undefined ? undefined : JSON.parse(init.body as string),
        signal: init.signal ?? undefined,
        respond: async (status, body, headers = {}) => {
          resolve(new Response(body === undefined ? null : JSON.stringify(body), { status, headers }));
          await settle();
          await settle();
        },
        stream: () => {
          const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
          const writer = writable.getWriter();
          resolve(new Response(readable, { status: 200 }));
          return {
            write: async (text) => {
              void writer.write(new TextEncoder().encode(text)).catch(() => {});
              await macrotask();
            },
            end: async () => {
              void writer.close().catch(() => {});
              await macrotask();
            },
          };
        },
        fail: async () => {
          reject(new TypeError('network'));
          await settle();
        },
      });
    });

  get last(): FakeRequest {
    const request = this.requests.at(-1);
    if (!request) throw new Error('nothing was requested');
    return request;
  }
}

/** Streams of the platform hand on their chunks over more than one turn of the event loop. */
export async function macrotask(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  await settle();
}
