import { ApiError, offline, problemOf } from './api-error.ts';
import { newId } from './new-id.ts';

/** Where an API client takes its token. `renew` = the last one was refused. */
export type TokenSource = (options: { readonly renew: boolean }) => Promise<string | null>;

export interface ChangeOptions {
  /** Give the same key to a repetition of the same change; without one every call is a change of its own. */
  readonly idempotencyKey?: string;
  /** Version that the form was filled from: the server refuses (412) when somebody else changed it since. */
  readonly ifMatch?: number;
}

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export type QueryValues = Readonly<Record<string, string | number | boolean | undefined | null>>;

/** Systems take two clicks within this time for one. */
export const DOUBLE_CLICK_MS = 500;

/** The HTTP API of CLMS. Paths start with `/api`. Every method rejects with an `ApiError`. The same change twice within the time of a double click is sent once. */
export interface ApiClient {
  get<T>(path: string, query?: QueryValues): Promise<T>;
  post<T>(path: string, body?: unknown, options?: ChangeOptions): Promise<T>;
  patch<T>(path: string, body: unknown, options?: ChangeOptions): Promise<T>;
  delete<T>(path: string, body?: unknown, options?: ChangeOptions): Promise<T>;
  /** The answer as it came: downloads and uploads. */
  raw(path: string, init?: RequestInit): Promise<Response>;
}

/** Makes a client that speaks with the tokens of `source`. */
export function createApiClient(source: TokenSource): ApiClient {
  const send = async (path: string, init: RequestInit, renew = false): Promise<Response> => {
    const token = await source({ renew });
    const headers = new Headers(init.headers);
    if (token !== null) headers.set('Authorization', `Bearer ${token}`);
    const response = await fetch(path, { ...init, headers }).catch(() => {
      throw offline();
    });
    // The token may have been revoked or have run out on the way: once more with a new one, then the refusal is real.
    if (response.status === 401 && !renew && token !== null) return send(path, init, true);
    if (!response.ok) throw await problemOf(response);
    return response;
  };
  let last: { readonly said: string; readonly at: number; readonly answer: Promise<unknown> } | undefined;
  // The second click of a double click means what the first one meant, also when the first has been answered by then.
  const change = <T>(method: string, path: string, body: unknown, options: ChangeOptions = {}): Promise<T> => {
    const said = JSON.stringify([method, path, body, options]);
    const at = performance.now();
    if (last?.said === said && at - last.at < DOUBLE_CLICK_MS) return last.answer as Promise<T>;
    const answer = sendChange<T>(method, path, body, options);
    last = { said, at, answer };
    return answer;
  };
  const sendChange = async <T>(method: string, path: string, body: unknown, options: ChangeOptions): Promise<T> => {
    const headers: Record<string, string> = { 'Idempotency-Key': options.idempotencyKey ?? newId() };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (options.ifMatch !== undefined) headers['If-Match'] = String(options.ifMatch);
    return parse<T>(await send(path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }));
  };
  return {
    get: async <T>(path: string, query?: QueryValues) => parse<T>(await send(withQuery(path, query), { method: 'GET' })),
    post: (path, body = {}, options) => change('POST', path, body, options),
    patch: (path, body, options) => change('PATCH', path, body, options),
    delete: (path, body, options) => change('DELETE', path, body, options),
    raw: (path, init = {}) => send(path, init),
  };
}

function withQuery(path: string, query: QueryValues = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string | number | boolean] => entry[1] !== undefined && entry[1] !== null && entry[1] !== '');
  if (given.length === 0) return path;
  return `${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

async function parse<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  if (text === '') return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ApiError({ title: 'Unreadable answer', status: response.status, code: 'UNREADABLE', detail: 'The server’s answer could not be read.' });
  }
}
