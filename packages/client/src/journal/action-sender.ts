import type { Environment } from '../environment.ts';
import type { TokenKeeper } from '../token-keeper.ts';
import type { Action } from './action.ts';
import { verdictOf, type Verdict } from './http-verdict.ts';

/** A request without an answer by then is taken for lost; its key makes asking again harmless. */
const ANSWER_WITHIN_MS = 30_000;

export type SendVerdict = Exclude<Verdict, { kind: 'new_token' }> | { readonly kind: 'needs_auth' };

/** Sends one command by HTTP, with a new token once if the first is refused. */
export class ActionSender {
  readonly #env: Environment;
  readonly #baseUrl: string;
  readonly #tokens: TokenKeeper;

  constructor(env: Environment, baseUrl: string, tokens: TokenKeeper) {
    this.#env = env;
    this.#baseUrl = baseUrl;
    this.#tokens = tokens;
  }

  async send(action: Action): Promise<SendVerdict> {
    for (let attempt = 0; attempt < 2; attempt++) {
      const token = await this.#tokens.get('connect');
      if (token === null) return { kind: 'needs_auth' };
      const verdict = await this.#ask(action, token);
      if (verdict.kind !== 'new_token') return verdict;
      this.#tokens.reject(token);
    }
    return { kind: 'needs_auth' };
  }

  async #ask(action: Action, token: string): Promise<Verdict> {
    const abort = new AbortController();
    const cancelDeadline = this.#env.setTimer(ANSWER_WITHIN_MS, () => abort.abort());
    try {
      const response = await this.#env.fetch!(this.#baseUrl + action.path, {
        method: action.method,
        headers: {
          Authorization: `Bearer ${token}`,
          'Idempotency-Key': action.id,
          ...(action.body && { 'Content-Type': 'application/json' }),
        },
        ...(action.body && { body: JSON.stringify(this.#bodyOf(action)) }),
        signal: abort.signal,
      });
      const text = await response.text();
      return verdictOf(response.status, response.headers, jsonOf(text));
    } finally {
      cancelDeadline();
    }
  }

  /** `sentAt` is of this very attempt: the server reads this device's clock error from it. */
  #bodyOf({ body, stamped, scannedAt, sequence }: Action): object {
    if (!stamped) return { ...body };
    return { ...body, sequence, scannedAt: new Date(scannedAt).toISOString(), sentAt: new Date(this.#env.now()).toISOString() };
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
