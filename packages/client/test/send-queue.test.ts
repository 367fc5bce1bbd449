import { describe, expect, it } from 'vitest';
import { liveClient, scriptedClient } from './connected-client.ts';
import { settle } from './fake-environment.ts';

const chat = (n: number) => ({ type: 'chat', id: `m${n}`, data: { room: 'staff', text: String(n), clientMessageId: `m${n}` } });

describe('send queue', () => {
  it('[CL5] keeps messages while away and sends them in order after resuming, before anything newer', async () => {
    const { client, env } = scriptedClient();
    client.sendMessage(chat(1));
    client.sendMessage(chat(2));
    client.connect();
    await settle();
    env.socket.welcome();
    expect(env.socket.of('chat')).toEqual([]);
    client.sendMessage(chat(3));
    env.socket.subscribed('inbox', { offset: 0, snapshot: [] });
    client.sendMessage(chat(4));
    expect(env.socket.of('chat').map(({ id }) => id)).toEqual(['m1', 'm2', 'm3', 'm4']);
  });

  it('[CL5] sends again what was not answered when the connection died, and not what was (socket.io 5135)', async () => {
    const { client, env } = await liveClient();
    client.sendMessage(chat(1));
    client.sendMessage(chat(2));
    env.socket.event('chat', 1, 0, 'chat_message', { id: 'c1', text: '1' }, { replyTo: 'm1' });
    env.socket.end(1006);
    await env.advance(500);
    env.socket.welcome();
    env.socket.subscribed('inbox', { offset: 0, recovered: true });
    env.socket.receive('position', { topic: 'inbox', offset: 0 });
    expect(env.socket.of('chat').map(({ id }) => id)).toEqual(['m2']);
  });

  it('a pong answers for everything sent before its ping', async () => {
    const { client, env } = await liveClient();
    client.sendMessage({ type: 'presence', data: { state: 'active' } });
    await env.advance(25_000);
    client.sendMessage({ type: 'presence', data: { state: 'away' } });
    env.socket.pong();
    env.socket.end(1006);
    await env.advance(500);
    env.socket.welcome();
    env.socket.subscribed('inbox', { offset: 0, recovered: true });
    expect(env.socket.of('presence').map(({ data }) => data['state'])).toEqual(['away']);
  });

  it('[CL5] does not write into a connection that slept: it reconnects and keeps the message (socket.io 5135)', async () => {
    const { client, env } = await liveClient();
    const dead = env.socket;
    env.clock.sleep(10 * 60_000);
    client.sendMessage(chat(1));
    expect(dead.of('chat')).toEqual([]);
    await env.advance(500);
    env.socket.welcome();
    env.socket.subscribed('inbox', { offset: 0, recovered: true });
    expect(env.socket.of('chat').map(({ id }) => id)).toEqual(['m1']);
  });

  it('[CL5] refuses the message beyond 1,000 at once', () => {
    const { client } = scriptedClient();
    for (let n = 0; n < 1_000; n++) expect(client.sendMessage(chat(n)).kind).toBe('queued');
    expect(client.sendMessage(chat(1_000))).toEqual({ kind: 'refused', reason: 'QUEUE_FULL' });
  });

  it('[CL5] gives a message up after 5 min, and says so', async () => {
    const { client, env, notices } = scriptedClient();
    client.sendMessage(chat(1));
    await env.advance(60_000);
    client.sendMessage(chat(2));
    await env.advance(4 * 60_000);
    expect(notices).toEqual([{ kind: 'message_expired', message: chat(1) }]);
    client.close();
    expect(notices.at(-1)).toEqual({ kind: 'message_expired', message: chat(2) });
  });

  it('[RATE1] lets a long queue out at a pace that the server allows, all of it', async () => {
    const { client, env } = scriptedClient();
    for (let n = 0; n < 100; n++) client.sendMessage(chat(n));
    client.connect();
    await settle();
    env.socket.welcome();
    env.socket.subscribed('inbox', { offset: 0, snapshot: [] });
    expect(env.socket.of('chat').length).toBe(20);
    await env.advance(1_000);
    expect(env.socket.of('chat').length).toBeLessThanOrEqual(40);
    await env.advance(8_000);
    expect(env.socket.of('chat').map(({ id }) => id)).toEqual(Array.from({ length: 100 }, (_, n) => `m${n}`));
  });

  it('[RATE1] a message refused for speed goes out again after the time that the server gave', async () => {
    const { client, env } = await liveClient();
    client.sendMessage(chat(1));
    env.socket.receive('error', { code: 'RATE_LIMIT', message: 'slow down', details: { retryAfterMs: 400 }, timestamp: 'x' }, { replyTo: 'm1' });
    await env.advance(399);
    expect(env.socket.of('chat')).toHaveLength(1);
    await env.advance(1);
    expect(env.socket.of('chat')).toHaveLength(2);
  });

  it('[CL10] sendBatch puts a hundred messages into a frame and keeps subscriptions out of it', async () => {
    const { client, env } = await liveClient();
    client.sendBatch([{ type: 'subscribe', data: { topic: 'system' } }, ...Array.from({ length: 150 }, (_, n) => chat(n))]);
    expect(env.socket.of('batch').map(({ data }) => (data['messages'] as unknown[]).length)).toEqual([100, 50]);
    expect(env.socket.subscribeOf('system')).toBeDefined();
    env.socket.sent.length = 0;
    client.sendMessage({ type: 'BATCH', data: { messages: [chat(1)], batchId: 'b' } });
    expect(env.socket.of('batch')).toHaveLength(1);
  });
});
