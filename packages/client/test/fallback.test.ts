import { beforeEach, describe, expect, it } from 'vitest';
import { scriptedClient } from './connected-client.ts';
import { FakeHttp, macrotask } from './fake-http.ts';
import { FakeEnvironment, settle } from './fake-environment.ts';

let env: FakeEnvironment;
let http: FakeHttp;

beforeEach(() => {
  env = new FakeEnvironment();
  http = new FakeHttp();
  env.fetch = http.fetch;
});

const client = () => scriptedClient({ httpUrl: 'http://x' }, env);
const frame = (type: string, data: unknown, more: object = {}) => ({ id: `m_${type}`, timestamp: '2026-03-02T08:00:00.000Z', type, data, ...more });
const sse = (type: string, data: unknown, more: object = {}) => `id: c\ndata: ${JSON.stringify(frame(type, data, more))}\n\n`;
const subscribed = (topic: string, offset: number, more: object = {}) => frame('subscribed', { topic, filters: {}, epoch: 'e1', offset, ...more });
const activity = (n: number) => ({ id: `a${n}`, activityType: 'CHECK_IN', timestamp: '2026-03-02T08:00:00.000Z' });

/** Three WebSocket attempts that never reach a welcome. */
async function socketsFail(times = 3) {
  for (let attempt = 0; attempt < times; attempt++) {
    await settle();
    env.socket.end(1006);
    await env.advance(500);
  }
  await settle();
}

describe('fallbacks', () => {
  it('[CL7] after three failed WebSocket attempts it reads server-sent events, token in a header, subscriptions in the query (bitwarden web 899)', async () => {
    const { client: realtime } = client();
    realtime.topic('activities', { location: 'AVR Room' }).subscribe(() => {});
    realtime.connect();
    await socketsFail(2);
    expect(http.requests).toHaveLength(0);
    await socketsFail(1);
    expect(http.last.url.pathname).toBe('/api/realtime/events');
    expect(http.last.headers['Authorization']).toBe('Bearer token');
    expect(JSON.parse(http.last.url.searchParams.get('subscribe')!)).toEqual([{ topic: 'inbox' }, { topic: 'activities', filters: { location: ['AVR Room'] } }]);
    expect(http.last.url.search).not.toContain('token');
    expect(realtime.state).toMatchObject({ state: 'connecting', transport: 'sse' });
  });

  it('[FB1] takes messages from the stream, cut anywhere, and is live', async () => {
    const { client: realtime } = client();
    const view = realtime.topic('activities');
    view.subscribe(() => {});
    realtime.connect();
    await socketsFail();
    const stream = http.last.stream();
    await macrotask();
    const text = `: hello\n\n${sse('subscribed', subscribed('inbox', 0, { snapshot: [] }).data)}${sse('subscribed', subscribed('activities', 1, { snapshot: [activity(1)] }).data)}`;
    await stream.write(text.slice(0, 60));
    await stream.write(text.slice(60));
    expect(realtime.state).toMatchObject({ state: 'live', transport: 'sse' });
    await stream.write(sse('activity_update', activity(2), { topic: 'activities', offset: 2, prev: 1 }));
    expect(view.getSnapshot().state.map(({ id }) => id)).toEqual(['a2', 'a1']);
  });

  it('[POS3] a stream that is quiet stays proven by what the server tells unasked, and a loss that it shows is fetched', async () => {
    const { client: realtime } = client();
    const view = realtime.topic('activities');
    view.subscribe(() => {});
    realtime.connect();
    await socketsFail();
    const stream = http.last.stream();
    await macrotask();
    await stream.write(sse('subscribed', subscribed('inbox', 0, { snapshot: [] }).data) + sse('subscribed', subscribed('activities', 1, { snapshot: [] }).data));
    const told = (prev: number) => sse('pong', { serverTime: '2026-03-02T08:00:15.000Z', positions: { activities: { epoch: 'e1', offset: 5, prev } } });
    await stream.write(`: \n\n${told(1)}`);
    expect(view.getSnapshot().freshness).toEqual({ state: 'live', provenAt: '2026-03-02T08:00:15.000Z' });
    await stream.write(`: \n\n${told(6)}`);
    await env.advance(50);
    expect(JSON.parse(http.last.url.searchParams.get('subscribe')!)).toContainEqual({ topic: 'activities', since: { epoch: 'e1', offset: 5 } });
    expect(view.getSnapshot().freshness.state).toBe('catching_up');
  });

  it.each(['sse', 'poll'] as const)('[TOP1] over %s an error says by its details which topic is refused; the others go on', async (transport) => {
    const { client: realtime } = scriptedClient({ httpUrl: 'http://x', transports: [transport] }, env);
    const [analytics, activities] = [realtime.topic('analytics'), realtime.topic('activities')];
    analytics.subscribe(() => {});
    activities.subscribe(() => {});
    realtime.connect();
    await settle();
    const messages = [
      subscribed('inbox', 0, { snapshot: [] }),
      frame('error', { code: 'UNAUTHORIZED', message: 'not for you', details: { topic: 'analytics' }, timestamp: 'x' }),
      subscribed('activities', 1, { snapshot: [activity(1)] }),
    ];
    if (transport === 'poll') await http.last.respond(200, { messages });
    else {
      const stream = http.last.stream();
      await macrotask();
      for (const { type, data } of messages) await stream.write(sse(type, data));
    }
    expect(analytics.getSnapshot().status).toEqual({ state: 'refused', code: 'UNAUTHORIZED', message: 'not for you' });
    expect(activities.getSnapshot().status).toEqual({ state: 'ready' });
    expect(realtime.state).toMatchObject({ state: 'live', transport });
  });

  it('[POS3] a poll that ends without news proves that there was none', async () => {
    const { client: realtime } = scriptedClient({ httpUrl: 'http://x', transports: ['poll'] }, env);
    const view = realtime.topic('activities');
    view.subscribe(() => {});
    realtime.connect();
    await settle();
    await http.last.respond(200, { messages: [subscribed('inbox', 0, { snapshot: [] }), subscribed('activities', 1, { snapshot: [] })], cursors: {} });
    await env.advance(1_000);
    await http.last.respond(200, { messages: [subscribed('activities', 1, { recovered: true })], cursors: { activities: { epoch: 'e1', offset: 1 } } }, { Date: 'Mon, 02 Mar 2026 08:00:26 GMT' });
    expect(view.getSnapshot().freshness).toEqual({ state: 'live', provenAt: '2026-03-02T08:00:26.000Z' });
  });

  it('a new topic asks again with the positions reached, in one request for all of a turn', async () => {
    const { client: realtime } = client();
    realtime.connect();
    await socketsFail();
    const stream = http.last.stream();
    await macrotask();
    await stream.write(sse('subscribed', subscribed('inbox', 4, { snapshot: [] }).data));
    realtime.topic('system').subscribe(() => {});
    realtime.topic('dashboard').subscribe(() => {});
    await env.advance(50);
    expect(http.requests).toHaveLength(2);
    expect(http.requests[0]!.signal?.aborted).toBe(true);
    expect(JSON.parse(http.last.url.searchParams.get('subscribe')!)).toEqual([{ topic: 'inbox', since: { epoch: 'e1', offset: 4 } }, { topic: 'system' }, { topic: 'dashboard' }]);
    expect(realtime.state.state).not.toBe('waiting');
  });

  it('a topic held while the first request is on its way is asked for as soon as that is answered', async () => {
    const { client: realtime } = client();
    realtime.connect();
    await socketsFail();
    const topic = realtime.topic('system');
    topic.subscribe(() => {});
    http.last.stream();
    await macrotask();
    await env.advance(50);
    expect(JSON.parse(http.last.url.searchParams.get('subscribe')!)).toContainEqual({ topic: 'system' });
    expect(http.requests).toHaveLength(2);
  });

  it('a stream that falls silent, or ends, is opened again', async () => {
    const { client: realtime } = client();
    realtime.connect();
    await socketsFail();
    http.last.stream();
    await macrotask();
    await env.advance(40_000);
    expect(realtime.state).toMatchObject({ state: 'waiting', reason: 'sse fell silent' });
    await env.advance(500);
    const stream = http.last.stream();
    await macrotask();
    await stream.end();
    expect(realtime.state).toMatchObject({ state: 'waiting', reason: 'sse ended' });
  });

  it('[CL7] polls when streams fail too, each poll from the cursor of the last', async () => {
    const { client: realtime } = client();
    const view = realtime.topic('activities');
    view.subscribe(() => {});
    realtime.connect();
    await socketsFail();
    await http.last.fail();
    await env.advance(500);
    await http.last.fail();
    await env.advance(500);
    expect(http.last.url.pathname).toBe('/api/realtime/poll');
    expect(http.last.url.searchParams.get('timeout')).toBe('25');
    await http.last.respond(200, { messages: [subscribed('inbox', 0, { snapshot: [] }), subscribed('activities', 3, { snapshot: [activity(3)] })], cursors: { activities: { epoch: 'e1', offset: 5 } } });
    expect(realtime.state).toMatchObject({ state: 'live', transport: 'poll' });
    await env.advance(1_000);
    expect(JSON.parse(http.last.url.searchParams.get('subscribe')!)).toContainEqual({ topic: 'activities', since: { epoch: 'e1', offset: 5 } });
    await http.last.respond(200, { messages: [subscribed('activities', 6, { recovered: true }), frame('activity_update', activity(6), { topic: 'activities', offset: 6, prev: 3 })], cursors: { activities: { epoch: 'e1', offset: 6 } } });
    expect(view.getSnapshot().state.map(({ id }) => id)).toEqual(['a6', 'a3']);
  });

  it('[CL7] comes back to the WebSocket within a minute, from the positions reached, while the fallback goes on', async () => {
    const { client: realtime, messages } = client();
    const view = realtime.topic('activities');
    view.subscribe(() => {});
    realtime.connect();
    await socketsFail();
    const stream = http.last.stream();
    await macrotask();
    await stream.write(sse('subscribed', subscribed('inbox', 0, { snapshot: [] }).data) + sse('subscribed', subscribed('activities', 1, { snapshot: [] }).data));
    for (let beat = 0; beat < 4; beat++) {
      await env.advance(15_000);
      await stream.write(': alive\n\n');
    }
    expect(env.sockets).toHaveLength(4);
    await stream.write(sse('activity_update', activity(2), { topic: 'activities', offset: 2, prev: 1, id: 'evt2' }));
    env.socket.welcome();
    expect(realtime.state).toMatchObject({ state: 'catching_up', transport: 'ws' });
    expect(env.socket.subscribeOf('activities').data['since']).toEqual({ epoch: 'e1', offset: 2 });
    await stream.write(sse('activity_update', activity(3), { topic: 'activities', offset: 3, prev: 2, id: 'evt3' }));
    env.socket.subscribed('activities', { offset: 3, recovered: true });
    env.socket.event('activities', 3, 2, 'activity_update', activity(3));
    expect(messages.filter(({ topic }) => topic === 'activities').map(({ id }) => id)).toEqual(['evt2', 'evt_activities_3']);
  });

  it('after an outage of the whole server it does not wait a minute for the WebSocket', async () => {
    const { client: realtime } = client();
    realtime.connect();
    await socketsFail();
    await http.last.fail();
    await env.advance(500);
    http.last.stream();
    await macrotask();
    await env.advance(3_000);
    env.socket.welcome();
    expect(realtime.state).toMatchObject({ transport: 'ws' });
  });

  it('a WebSocket that still fails leaves the fallback alone and is tried again a minute later', async () => {
    const { client: realtime } = client();
    realtime.connect();
    await socketsFail();
    const stream = http.last.stream();
    await macrotask();
    await stream.write(sse('subscribed', subscribed('inbox', 0, { snapshot: [] }).data));
    for (let round = 1; round <= 2; round++) {
      for (let beat = 0; beat < 4; beat++) {
        await env.advance(15_000);
        await stream.write(': alive\n\n');
      }
      expect(env.sockets).toHaveLength(3 + round);
      env.socket.end(1006);
      expect(realtime.state).toMatchObject({ state: 'live', transport: 'sse' });
    }
  });

  it('a server that answers by close code was reached: no fallback for it', async () => {
    const { client: realtime } = client();
    realtime.connect();
    for (let attempt = 0; attempt < 5; attempt++) {
      await settle();
      env.socket.end(4429);
      if (realtime.state.state !== 'waiting') throw new Error(realtime.state.state);
      await env.advance(realtime.state.nextAttemptAt - env.now());
    }
    expect(http.requests).toHaveLength(0);
  });

  it.each([
    [401, {}, 'needs_auth'],
    [403, {}, 'closed'],
    [503, { 'Retry-After': '20' }, 'waiting'],
  ])('[UP3] HTTP %i from a fallback is taken for what it says', async (status, headers, state) => {
    const { client: realtime } = client();
    realtime.connect();
    await socketsFail();
    await http.last.respond(status, { title: 'no' }, headers);
    if (status === 503) expect(realtime.state).toMatchObject({ nextAttemptAt: env.now() + 20_000 });
    else await env.advance(1_000);
    expect(realtime.state.state).toBe(state);
  });

  it('messages wait for a way that can carry them', async () => {
    const { client: realtime } = client();
    realtime.connect();
    await socketsFail();
    const stream = http.last.stream();
    await macrotask();
    await stream.write(sse('subscribed', subscribed('inbox', 0, { snapshot: [] }).data));
    realtime.sendMessage({ type: 'ack', id: 'a1', data: { id: 'notif_1', state: 'seen' } });
    for (let beat = 0; beat < 4; beat++) {
      await env.advance(15_000);
      await stream.write(': alive\n\n');
    }
    env.socket.welcome();
    env.socket.subscribed('inbox', { offset: 0, recovered: true });
    expect(env.socket.of('ack').map(({ id }) => id)).toEqual(['a1']);
  });
});
