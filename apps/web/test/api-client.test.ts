import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createApiClient, DOUBLE_CLICK_MS } from '../src/api/api-client.ts';

describe('changes through the API client', () => {
  let sent: { readonly path: string; readonly body: unknown }[];
  let now = 0;
  const api = () => createApiClient(() => Promise.resolve('token'));

  beforeEach(() => {
    sent = [];
    now = 10_000;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
      sent.push({ path, body: JSON.parse(init.body as string) as unknown });
      return new Response(JSON.stringify({ renewals: sent.length }), { headers: { 'Content-Type': 'application/json' } });
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  it('a double click is one change, even when the first was answered before the second came', async () => {
    const client = api();
    expect(await client.post('/api/loans/l/renew')).toEqual({ renewals: 1 });
    now += DOUBLE_CLICK_MS - 1;
    expect(await client.post('/api/loans/l/renew')).toEqual({ renewals: 1 });
    expect(sent).toHaveLength(1);
  });

  it('a click a moment later is another change', async () => {
    const client = api();
    await client.post('/api/loans/l/renew');
    now += DOUBLE_CLICK_MS;
    expect(await client.post('/api/loans/l/renew')).toEqual({ renewals: 2 });
  });

  it('on, off and on again within that time are three', async () => {
    const client = api();
    for (const active of [true, false, true]) await client.patch('/api/users/u', { active });
    expect(sent.map(({ body }) => body)).toEqual([{ active: true }, { active: false }, { active: true }]);
  });
});
