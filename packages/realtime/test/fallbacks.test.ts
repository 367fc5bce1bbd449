import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RedisBroker } from '../src/broker-redis.ts';
import { systemClock } from '../src/clock.ts';
import { CursorTracker } from '../src/cursor.ts';
import { createFallbacks } from '../src/fallbacks.ts';
import { Frame } from '../src/frame.ts';
import { ManualClock } from '../src/manual-clock.ts';
import { SseTransport } from '../src/sse.ts';
import { EngineServer } from './engine-server.ts';
import { EventStream } from './event-stream.ts';
import { describeWithRedis, RedisServer } from './redis-server.ts';

interface PollAnswer {
  readonly messages: readonly { readonly type: string; readonly topic?: string; readonly offset?: number; readonly data: any }[];
  readonly cursors: Readonly<Record<string, { readonly epoch: string; readonly offset: number }>>;
}

const open: EventStream[] = [];
let users = 0;
const newUser = () => `user-f${++users}`;

async function get(server: EngineServer, path: string, subscribe: unknown, { user = newUser(), headers = {} as Record<string, string>, query = '' } = {}): Promise<Response> {
  return fetch(`${server.url}${path}?subscribe=${encodeURIComponent(JSON.stringify(subscribe))}${query}`, { headers: { Authorization: `Bearer ${user}`, ...headers } });
}

async function stream(server: EngineServer, subscribe: unknown, options?: { user?: string; headers?: Record<string, string> }): Promise<EventStream> {
  const events = new EventStream(await get(server, '/events', subscribe, options));
  open.push(events);
  return events;
}

async function poll(server: EngineServer, subscribe: unknown, options: { user?: string; query?: string } = {}): Promise<PollAnswer> {
  const response = await get(server, '/poll', subscribe, options);
  expect(response.status).toBe(200);
  return (await response.json()) as PollAnswer;
}

const server = new EngineServer();
beforeAll(() => server.start());
afterAll(() => server.stop());
afterEach(async () => {
  for (const events of open.splice(0)) await events.close();
});

describe('[FB1] server-sent events', () => {
  it('carry the same messages as a socket: welcome, subscribed, events', async () => {
    const events = await stream(server, [{ topic: 'orders' }]);
    expect(events.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect((await events.next())!.message.type).toBe('welcome');
    expect((await events.next())!.message).toMatchObject({ type: 'subscribed', data: { topic: 'orders' } });
    await server.publish({ n: 1 });
    expect((await events.next())!.message).toMatchObject({ type: 'order_update', topic: 'orders', data: { n: 1 } });
  });

  it('keep to filters, and give snapshots', async () => {
    const events = await stream(server, [{ topic: 'prices' }, { topic: 'orders', filters: { shop: 'north' } }]);
    expect((await events.until('subscribed')).message.data).toMatchObject({ topic: 'prices', snapshot: ['the present prices'] });
    await events.until('subscribed');
    await server.publish({ shop: 'south' });
    await server.publish({ shop: 'north' });
    expect((await events.until('order_update')).message.data).toEqual({ shop: 'north' });
  });

  it('resume by Last-Event-ID: exactly what was missed, then live', async () => {
    const user = newUser();
    const first = await stream(server, [{ topic: 'orders' }, { topic: 'prices' }], { user });
    await first.until('subscribed');
    await first.until('subscribed');
    await server.publish({ n: 'seen' });
    const { id } = await first.until('order_update');
    await first.close();
    await server.publish({ n: 'missed' });
    await server.publish({ n: 'missed too' }, 'prices');
    const second = await stream(server, [{ topic: 'orders' }, { topic: 'prices' }], { user, headers: { 'Last-Event-ID': id } });
    const got: unknown[] = [];
    while (got.length < 2) {
      const { message } = (await second.next())!;
      if (message.type === 'subscribed') expect(message.data.recovered).toBe(true);
      if (message.type === 'order_update') got.push(message.data.n);
    }
    await server.publish({ n: 'live' });
    got.push((await second.until('order_update')).message.data.n);
    expect(got).toEqual(['missed', 'missed too', 'live']);
  });

  it('[DIR2] resume direct messages too, without being asked', async () => {
    const user = newUser();
    const first = await stream(server, [{ topic: 'orders' }], { user });
    const { id } = await first.until('subscribed');
    await first.close();
    await server.manager.sendToUser(user, { type: 'note', data: 'while you were away' });
    const second = await stream(server, [{ topic: 'orders' }], { user, headers: { 'Last-Event-ID': id } });
    expect((await second.until('note')).message).toMatchObject({ topic: 'inbox', data: 'while you were away' });
  });

  it.each(['nonsense', 'orders=gone:5'])('[SUB3] fault: an unknown cursor is reported as caught up: never is “%s”', async (id) => {
    const events = await stream(server, [{ topic: 'orders' }], { headers: { 'Last-Event-ID': id } });
    expect((await events.until('subscribed')).message.data).toMatchObject({ topic: 'orders', recovered: false });
  });

  it('[ENV4] [TOP1] answer a wrong subscription with an error, and carry on with the rest', async () => {
    const events = await stream(server, [{ topic: 'nothing' }, { topic: 'orders', filters: { colour: 'red' } }, { topic: 'prices' }]);
    expect((await events.until('error')).message.data).toMatchObject({ code: 'INVALID_MESSAGE', details: { path: 'data.topic', topic: 'nothing' } });
    expect((await events.until('error')).message.data).toMatchObject({ code: 'INVALID_MESSAGE', details: { path: 'data.filters.colour', topic: 'orders' } });
    expect((await events.until('subscribed')).message.data.topic).toBe('prices');
  });

  it('[AUTH4] end when the session is revoked', async () => {
    const user = newUser();
    const events = await stream(server, [{ topic: 'orders' }], { user });
    await events.until('subscribed');
    server.manager.revokeSession(user);
    expect(await events.next()).toBeUndefined();
    expect(events.comments.join()).toContain('4401');
  });
});

describe('[FB2] long poll', () => {
  it('answers at once with what a new subscriber begins with, and where to go on', async () => {
    const answer = await poll(server, [{ topic: 'prices' }]);
    expect(answer.messages.map(({ type }) => type)).toEqual(['welcome', 'subscribed']);
    expect(answer.cursors['prices']).toEqual({ epoch: expect.any(String), offset: expect.any(Number) });
    expect(answer.cursors['inbox']).toEqual({ epoch: expect.any(String), offset: expect.any(Number) });
  });

  it('waits for news, and gives each event once over many requests', async () => {
    const user = newUser();
    const first = await poll(server, [{ topic: 'orders' }], { user });
    const waiting = poll(server, [{ topic: 'orders', since: first.cursors['orders'] }], { user });
    await server.publish({ n: 1 });
    const second = await waiting;
    await server.publish({ n: 2 });
    await server.publish({ n: 3 });
    const third = await poll(server, [{ topic: 'orders', since: second.cursors['orders'] }], { user });
    const events = [...second.messages, ...third.messages].filter(({ type }) => type === 'order_update');
    expect(events.map(({ data }) => data.n)).toEqual([1, 2, 3]);
    expect(third.cursors['orders']!.offset).toBe(events.at(-1)!.offset);
  });

  it('[SUB2] ends a replay with its position, as a socket does', async () => {
    const user = newUser();
    const { cursors } = await poll(server, [{ topic: 'orders' }], { user });
    await server.publish({ n: 1 });
    await server.publish({ n: 2 });
    const { messages } = await poll(server, [{ topic: 'orders', since: cursors['orders'] }], { user });
    expect(messages.map(({ type }) => type)).toEqual(['subscribed', 'order_update', 'order_update', 'position']);
    expect(messages.at(-1)!.data).toEqual({ topic: 'orders', offset: messages[2]!.offset });
  });

  it('answers without news when the time is over, with its positions', async () => {
    const user = newUser();
    const first = await poll(server, [{ topic: 'orders' }], { user });
    const second = await poll(server, [{ topic: 'orders', since: first.cursors['orders'] }], { user, query: '&timeout=0.05' });
    expect(second.messages.map(({ type }) => type)).toEqual(['subscribed', 'position']);
    expect(second.cursors['orders']).toEqual(first.cursors['orders']);
  });

  it('leaves nothing behind', async () => {
    const user = newUser();
    await poll(server, [{ topic: 'orders' }], { user });
    expect(server.manager.clients.ofUser(user)).toEqual([]);
  });
});

describe('[FB4] the rules of a socket hold', () => {
  it.each(['/events', '/poll'])('%s asks for a credential', async (path) => {
    const response = await fetch(`${server.url}${path}?subscribe=[]`);
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  it.each(['/events', '/poll'])('[UP4] %s refuses foreign origins', async (path) => {
    expect((await get(server, path, [], { headers: { Origin: 'https://evil.example' } })).status).toBe(403);
  });

  it.each(['/events', '/poll'])('[UP2] %s refuses tokens in the URL', async (path) => {
    expect((await get(server, path, [], { query: '&token=abc' })).status).toBe(400);
  });

  it.each(['/events?subscribe={', '/poll?subscribe=7', '/poll?subscribe=[]&timeout=soon'])('refuses the malformed %s', async (path) => {
    expect((await fetch(`${server.url}${path}`, { headers: { Authorization: 'Bearer x' } })).status).toBe(400);
  });

  it('[TOP1] refuses topics that are not for the role', async () => {
    const { messages } = await poll(server, [{ topic: 'prices' }], { user: 'guest-1' });
    expect(messages.find(({ type }) => type === 'error')!.data).toMatchObject({ code: 'UNAUTHORIZED', details: { topic: 'prices' } });
  });

  it('[UP5] counts streams like sockets', async () => {
    const user = newUser();
    for (let i = 0; i < 5; i++) await (await stream(server, [], { user })).until('welcome');
    const refused = await get(server, '/poll', [], { user });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(30);
  });
});

it.each(['/events', '/poll'])('[RATE1] %s costs what a batch of its subscriptions would', async (path) => {
  // Four tokens, and hours until the next one.
  const strict = new EngineServer({ rateLimit: { perSecond: 0.0001, burst: 4 } });
  await strict.start();
  const wanted = Array.from({ length: 30 }, () => ({ topic: 'orders' }));
  const first = await get(strict, path, wanted, { user: 'ann', query: '&timeout=0' });
  await first.body!.cancel();
  const second = await get(strict, path, wanted, { user: 'ann' });
  expect([first.status, second.status]).toEqual([200, 429]);
  expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(3600);
  expect((await get(strict, path, wanted, { user: 'ben', query: '&timeout=0' })).status).toBe(200);
  await strict.stop();
});

describeWithRedis('[FB3] over several nodes', () => {
  const redis = new RedisServer();
  const node = () => new EngineServer({}, new RedisBroker({ url: redis.url, clock: systemClock, history: { size: 1000, ttlMs: 3_600_000 } }));
  let nodes: EngineServer[];
  beforeAll(async () => {
    await redis.start();
    nodes = [node(), node()];
    for (const one of nodes) await one.start();
  });
  afterAll(async () => {
    for (const one of nodes) await one.stop();
    await redis.stop();
  });

  it('fault: messages over the backplane are not counted, and a resume loses them: goes on at another node from where the first one ended', async () => {
    const [here, there] = nodes as [EngineServer, EngineServer];
    const user = newUser();
    const first = await poll(here, [{ topic: 'orders' }], { user });
    await here.publish({ n: 1 });
    const second = await poll(there, [{ topic: 'orders', since: first.cursors['orders'] }], { user });
    expect(second.messages.filter(({ type }) => type === 'order_update').map(({ data }) => data.n)).toEqual([1]);
    const events = await stream(here, [{ topic: 'orders', since: second.cursors['orders'] }], { user });
    await events.until('position');
    await there.manager.publish([{ id: 'elsewhere', topic: 'orders', type: 'order_update', timestamp: new Date(systemClock.now()).toISOString(), data: { n: 2 } }]);
    expect((await events.until('order_update')).message.data.n).toBe(2);
  });
});

describe('[FB1] a silent stream', () => {
  it('[POS3] tells with every sign of life where its client should stand, and what it lacks', async () => {
    const clock = new ManualClock(0);
    const { handleEvents } = createFallbacks(server.manager, clock);
    const http = createServer((request, response) => void handleEvents(request, response));
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const subscribe = encodeURIComponent(JSON.stringify([{ topic: 'orders', filters: { shop: 'north' } }]));
    const events = new EventStream(await fetch(`http://127.0.0.1:${(http.address() as AddressInfo).port}/?subscribe=${subscribe}`, { headers: { Authorization: `Bearer ${newUser()}` } }));
    open.push(events);
    const { epoch, offset } = (await events.until('subscribed')).message.data;
    await server.publish({ shop: 'north' });
    await server.publish({ shop: 'south' });
    clock.advance(15_000);
    expect((await events.next())!.message).toMatchObject({ type: 'order_update', data: { shop: 'north' } });
    const { type, data } = (await events.next())!.message;
    expect([type, data.positions['orders']]).toEqual(['pong', { epoch, offset: offset + 2, prev: offset + 1 }]);
    http.closeAllConnections();
    http.close();
  });

  it('[LIVE2] fault: proxies cut what is idle: shows a sign of life every fifteen seconds, and none after its end', async () => {
    const clock = new ManualClock(0);
    const http = createServer((_, response) => transports.push(new SseTransport(response, new CursorTracker(new Map(), { epoch: 'e', offset: 0 }), clock)));
    const transports: SseTransport[] = [];
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const reader = (await fetch(`http://127.0.0.1:${(http.address() as AddressInfo).port}/`)).body!.getReader();
    clock.advance(14_999);
    transports[0]!.write([new Frame('{"id":"m","timestamp":"t","type":"note","data":{}}')]);
    expect(Buffer.from((await reader.read()).value!).toString()).toMatch(/^id: inbox=e:0\ndata: /);
    clock.advance(1);
    expect(Buffer.from((await reader.read()).value!).toString()).toBe(': \n\n');
    transports[0]!.close(1012, 'restart');
    expect(Buffer.from((await reader.read()).value!).toString()).toContain('closed 1012');
    expect(clock.pending).toBe(0);
    http.close();
  });
});
