import { expect, it } from 'vitest';
import { parseMessage } from '../src/parse-message.ts';
import { EngineTrial } from './engine-trial.ts';

async function answerTo(...messages: unknown[]): Promise<any[]> {
  const trial = new EngineTrial();
  const guest = await trial.enter();
  for (const message of messages) guest.say(message);
  await trial.settle();
  return guest.messages.slice(1);
}

it('[ENV3] the first frame is a welcome with an id, a time and the limits', async () => {
  const guest = await new EngineTrial().enter({ username: 'Ann' });
  expect(guest.messages).toEqual([
    {
      id: expect.stringMatching(/^msg_/),
      timestamp: '2030-01-15T12:00:00.000Z',
      type: 'welcome',
      data: {
        clientId: expect.any(String), userId: 'ann', username: 'Ann', role: 'STAFF', serverTime: '2030-01-15T12:00:00.000Z', availableSubscriptions: ['orders'],
        protocol: 'clms.v1', sessionId: 'ann', heartbeatInterval: 30_000, tokenExpiresAt: null, limits: { maxPayload: 1_048_576, messagesPerSecond: 20, burst: 40, maxSubscriptions: 32 },
      },
    },
  ]);
});

it('[ENV2] types count in any letter case, and answers name the message', async () => {
  const [pong, subscribed] = await answerTo({ type: 'PING', data: { timestamp: '2030-01-15T11:59:59.000Z' }, id: 'p1' }, { type: 'Subscribe', data: { topic: 'orders' }, id: 's1' });
  expect(pong).toMatchObject({ type: 'pong', replyTo: 'p1', data: { timestamp: '2030-01-15T11:59:59.000Z', serverTime: '2030-01-15T12:00:00.000Z' } });
  expect(subscribed).toMatchObject({ type: 'subscribed', replyTo: 's1', data: { topic: 'orders', offset: 0, snapshot: [] } });
});

it('[TOP1] words of a closed list count in any letter case, and go on in their own', () => {
  expect(parseMessage({ type: 'ACK', data: { id: 'notice_1', state: 'Seen' } }, new Set())).toEqual({ kind: 'message', type: 'ack', data: { id: 'notice_1', state: 'seen' }, id: undefined });
  expect(parseMessage({ type: 'ack', data: { id: 'notice_1', state: 'read' } }, new Set())).toMatchObject({ kind: 'wrong', path: 'data.state', expected: ['delivered', 'seen', 'acknowledged'] });
  expect(parseMessage({ type: 'ack', data: 'seen' }, new Set())).toMatchObject({ kind: 'wrong', path: 'data' });
});

it('[ENV4] [OUT3] what is wrong among a hundred thousand entries is not looked for: nobody else would be served meanwhile', async () => {
  const [error] = await answerTo({ type: 'subscribe', id: 'q', data: { topic: 'orders', filters: { state: Array.from({ length: 100_000 }, () => 7) } } });
  expect(error).toMatchObject({ type: 'error', replyTo: 'q', data: { code: 'INVALID_MESSAGE', details: { path: 'data', expected: 'at most 2000 entries, or right ones' } } });
  const [right] = await answerTo({ type: 'batch', data: { messages: Array.from({ length: 100 }, () => ({ type: 'subscribe', data: { topic: 'orders', filters: { shop: Array.from({ length: 50 }, (_, n) => `${n}`) } } })) } });
  expect(right).toMatchObject({ type: 'subscribed' });
});

const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) });

it.each([
  ['no JSON', '{"type":', '', expect.any(String)],
  ['a list', '[]', '', expect.any(String)],
  ['no type', { data: {} }, 'type', expect.arrayContaining(['subscribe'])],
  ['an unknown type', { type: 'dance', data: {} }, 'type', expect.arrayContaining(['ping'])],
  ['a missing field', { type: 'subscribe', data: {} }, 'data.topic', expect.any(String)],
  ['a wrong field', { type: 'subscribe', data: { topic: 7 } }, 'data.topic', expect.any(String)],
  ['an unknown key', { type: 'ping', data: { when: 'now' } }, 'data.when', expect.any(String)],
  ['an unknown topic', { type: 'subscribe', data: { topic: 'weather' } }, 'data.topic', ['orders', 'inbox']],
  ['an unknown filter', { type: 'subscribe', data: { topic: 'orders', filters: { colour: 'red' } } }, 'data.filters.colour', ['shop', 'state']],
  ['an unknown value', { type: 'subscribe', data: { topic: 'orders', filters: { state: 'LOST' } } }, 'data.filters.state', ['NEW', 'PAID']],
  ['a filter without values', { type: 'subscribe', data: { topic: 'orders', filters: { state: [] } } }, 'data.filters.state', 'must not have fewer than 1 items'],
  ['a filter with a value that is no text', { type: 'subscribe', data: { topic: 'orders', filters: { state: ['NEW', 7] } } }, 'data.filters.state.1', 'must be string'],
  ['a batch in a batch', { type: 'batch', data: { messages: [{ type: 'batch', data: { messages: [{}] } }] } }, 'data.messages', expect.any(String)],
])('[ENV4] [TOP1] %s is an INVALID_MESSAGE that says where and what is expected', async (_, message, path, wanted) => {
  const [error] = await answerTo(message);
  expect(error).toMatchObject({ type: 'error', data: { code: 'INVALID_MESSAGE', message: expect.any(String), details: { path, expected: wanted }, timestamp: '2030-01-15T12:00:00.000Z' } });
});

it.each([['deep nesting', JSON.stringify({ type: 'ping', id: 'q', data: deep(20) })], ['a forbidden key', '{"type":"ping","id":"q","data":{"__proto__":{}}}'], ['text that no database keeps', '{"type":"chat","id":"q","data":{"text":"\\u0000"}}']])('[ENV3] [ENV5] %s is refused in an answer that names the message', async (_, text) => {
  const [error] = await answerTo(text);
  expect(error).toMatchObject({ type: 'error', replyTo: 'q', data: { code: 'INVALID_MESSAGE' } });
});

it.each([['deep nesting', JSON.stringify({ type: 'ping', data: deep(20) })], ['__proto__', '{"type":"ping","data":{"__proto__":{}}}'], ['constructor', '{"type":"ping","data":{},"x":{"constructor":1}}']])('[ENV5] %s is refused', async (_, text) => {
  const [error] = await answerTo(text);
  expect(error).toMatchObject({ data: { code: 'INVALID_MESSAGE' } });
});

it.each([
  ['a zero', '{"type":"presence","data":{"state":"active","page":"a\\u0000b"}}', 'data.page'],
  ['half a character', '{"type":"chat","data":{"room":"staff","text":"\\ud83d","clientMessageId":"c1"}}', 'data.text'],
  ['a key with a zero', '{"type":"subscribe","data":{"topic":"orders","filters":{"\\u0000":"x"}}}', 'data.filters'],
])('[ENV4] text with %s, which no database keeps, is not understood', async (_, text, path) => {
  const [error] = await answerTo(text);
  expect(error).toMatchObject({ data: { code: 'INVALID_MESSAGE', details: { path } } });
});

it('[ENV4] unknown keys beside data are nobody’s business', async () => {
  const [pong] = await answerTo({ type: 'ping', data: {}, mood: 'fine' });
  expect(pong.type).toBe('pong');
});

it.each(['order_update', 'ORDER_UPDATE', 'welcome', 'subscribed', 'system_announcement', 'staff_alert', 'personal_notification'])('[TOP4] a client may not send %s', async (type) => {
  const [error] = await answerTo({ type, data: {}, id: 'm1' });
  expect(error).toMatchObject({ replyTo: 'm1', data: { code: 'UNAUTHORIZED' } });
});

it('[TOP1] a topic that is not for the role is UNAUTHORIZED', async () => {
  const trial = new EngineTrial();
  const guest = await trial.enter({ role: 'GUEST' });
  guest.say({ type: 'subscribe', data: { topic: 'orders' } });
  await trial.settle();
  expect(guest.messages.map(({ type, data }) => [type, data.code ?? data.availableSubscriptions])).toEqual([['welcome', []], ['error', 'UNAUTHORIZED']]);
});

it('unsubscribing from what was never followed is no error', async () => {
  expect(await answerTo({ type: 'unsubscribe', data: { topic: 'orders' } })).toMatchObject([{ type: 'unsubscribed', data: { topic: 'orders', reason: 'REQUESTED' } }]);
});

it('answers each message of a batch in its order, each by its own id', async () => {
  const answers = await answerTo({ type: 'batch', data: { messages: [{ type: 'subscribe', data: { topic: 'orders' }, id: 'a' }, { type: 'dance', data: {}, id: 'b' }, { type: 'ping', data: {}, id: 'c' }] } });
  expect(answers.map(({ type, replyTo }) => [type, replyTo])).toEqual([['subscribed', 'a'], ['error', 'b'], ['pong', 'c']]);
});

it('[ENV6] a handler that fails says nothing of why', async () => {
  const trial = new EngineTrial({ commands: { ack: async () => Promise.reject(new Error('SELECT secret FROM t')) } });
  const guest = await trial.enter();
  guest.say({ type: 'ack', data: { id: 'n1', state: 'seen' } });
  await trial.settle();
  expect(guest.of('error')).toMatchObject([{ data: { code: 'MESSAGE_HANDLER_ERROR' } }]);
  expect(JSON.stringify(guest.messages)).not.toContain('secret');
});

it('get_status says what the server knows of the connection', async () => {
  const [, status] = await answerTo({ type: 'subscribe', data: { topic: 'orders', filters: { state: 'new' } } }, { type: 'get_status', data: {} });
  expect(status.data).toMatchObject({
    userId: 'ann', role: 'STAFF', connectedAt: '2030-01-15T12:00:00.000Z', subscriptions: [{ topic: 'inbox' }, { topic: 'orders', offset: 0 }],
    queue: { messages: expect.any(Number), bytes: expect.any(Number) }, latencyMs: null, server: { state: 'ok', uptimeSeconds: 0 },
  });
});
