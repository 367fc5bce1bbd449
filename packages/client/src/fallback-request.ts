import type { Environment } from './environment.ts';
import type { TransportEnd, TransportRequest } from './transport.ts';

/** GET of a read-only way (protocol §10): subscriptions in the query, the credential in a header. */
export function fallbackGet(env: Environment, url: string, request: TransportRequest, signal: AbortSignal, query: Record<string, string> = {}): Promise<Response> {
  if (!env.fetch) return Promise.reject(new Error('this environment has no fetch'));
  const search = new URLSearchParams({ subscribe: JSON.stringify(request.wanted()), ...query });
  return env.fetch(`${url}?${search}`, { headers: { Authorization: `Bearer ${request.token}` }, cache: 'no-store', signal });
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
