import { noTimer, type Cancel } from './clock.ts';
import type { Environment } from './environment.ts';
import type { Transport, TransportEnd, TransportRequest } from './transport.ts';

/** A poll is held for 25 s, a stream has a comment every 15 s: what is silent for longer than this is dead. */
const SILENCE_ALLOWED_MS = 40_000;
/** Subscriptions of one render come together and should cost one request. */
const GATHER_MS = 50;

export interface HttpWay {
  readonly kind: 'sse' | 'poll';
  readonly url: string;
  readonly query: Readonly<Record<string, string>>;
  /** Reads an answer of the server. Whatever it throws, or its return without `askAgain`, ends the transport. */
  read(response: Response, exchange: Exchange): Promise<void>;
}

/** One request and its answer. */
export interface Exchange {
  /** False once it was replaced by another or closed: what it still brings is not to be used. */
  current(): boolean;
  /** Something arrived. */
  alive(): void;
  /** Asks again, with the subscriptions of then. */
  askAgain(afterMs: number): void;
}

/** A read-only way over `fetch` (protocol §10): subscriptions in the query, the credential in a header. */
export function openHttpTransport(env: Environment, fetch: NonNullable<Environment['fetch']>, { kind, url, query, read }: HttpWay, { token, events, wanted }: TransportRequest): Transport {
  let closed = false;
  let abort = new AbortController();
  let cancelSilence: Cancel = noTimer;
  let cancelNext: Cancel = noTimer;

  const close = () => {
    closed = true;
    cancelSilence();
    cancelNext();
    abort.abort();
  };
  const end = (why: TransportEnd) => {
    close();
    events.onEnd(why);
  };
  const askAgain = (afterMs: number) => {
    cancelNext();
    cancelNext = env.setTimer(afterMs, () => {
      abort.abort();
      void run();
    });
  };
  const alive = () => {
    cancelSilence();
    cancelSilence = env.setTimer(SILENCE_ALLOWED_MS, () => end({ code: 1006, reason: `${kind} fell silent` }));
    events.onLife();
  };

  const run = async () => {
    const mine = (abort = new AbortController());
    const current = () => !closed && mine === abort;
    const subscribe = JSON.stringify(wanted());
    let asksAgain = false;
    const again = (afterMs: number) => {
      asksAgain = true;
      askAgain(afterMs);
    };
    alive();
    try {
      const response = await fetch(`${url}?${new URLSearchParams({ subscribe, ...query })}`, { headers: { Authorization: `Bearer ${token}` }, cache: 'no-store', signal: mine.signal });
      const refusal = response.ok ? undefined : await refusedBy(response);
      if (!current()) return;
      if (refusal) return end(refusal);
      events.onReady();
      // Something was subscribed while the request was on its way.
      if (subscribe !== JSON.stringify(wanted())) again(0);
      await read(response, { current, alive, askAgain: again });
      if (current() && !asksAgain) end({ code: 1006, reason: `${kind} ended` });
    } catch (error) {
      if (current()) end({ code: 1006, reason: `${kind} failed: ${String(error)}` });
    }
  };
  void run();

  return { kind, resubscribe: () => askAgain(GATHER_MS), close };
}

/** What a refusal by HTTP status means. */
async function refusedBy(response: Response): Promise<TransportEnd> {
  const retryAfter = Number(response.headers.get('Retry-After'));
  await response.body?.cancel();
  return {
    code: 1006,
    reason: `HTTP ${response.status}`,
    status: response.status,
    ...(retryAfter > 0 && { retryAfterMs: retryAfter * 1_000 }),
  };
}
