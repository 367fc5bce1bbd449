import type { Environment } from './environment.ts';
import type { TransportEnd } from './transport.ts';

export type Fetch = NonNullable<Environment['fetch']>;

/** GET of a read-only way (protocol §10): subscriptions in the query, the credential in a header. */
export function fallbackGet(fetch: Fetch, url: string, token: string, query: Record<string, string>, signal: AbortSignal): Promise<Response> {
  return fetch(`${url}?${new URLSearchParams(query)}`, { headers: { Authorization: `Bearer ${token}` }, cache: 'no-store', signal });
}

/** What a refusal by HTTP status means. */
export async function refusedBy(response: Response): Promise<TransportEnd> {
  const retryAfter = Number(response.headers.get('Retry-After'));
  await response.body?.cancel();
  return {
    code: 1006,
    reason: `HTTP ${response.status}`,
    status: response.status,
    ...(retryAfter > 0 && { retryAfterMs: retryAfter * 1_000 }),
  };
}
