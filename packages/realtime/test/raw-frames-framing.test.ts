import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EngineServer } from './engine-server.ts';
import { RawClient } from './raw-client.ts';
import { encodeFrame, OPCODE, type RawFrame } from './raw-frame.ts';

const { TEXT, BINARY, CONTINUATION, PING, PONG } = OPCODE;
const PROTOCOL_ERROR = 1002;

const server = new EngineServer();
const clients: RawClient[] = [];
beforeAll(() => server.start());
afterAll(() => server.stop());
afterEach(() => clients.splice(0).forEach((client) => client.destroy()));

async function welcomed(): Promise<RawClient> {
  const client = await RawClient.connect(server.port, server.credential());
  clients.push(client);
  await client.message('welcome');
  return client;
}

/** A ping of the application's own, padded beside `data` to an exact number of bytes. */
function pingOf(bytes: number, id = 'p'): string {
  const bare = JSON.stringify({ type: 'ping', data: {}, id, pad: '' });
  return bare.replace('"pad":""', `"pad":"${'x'.repeat(bytes - bare.length)}"`);
}

async function answersPing(client: RawClient, id: string): Promise<void> {
  expect(await client.message('pong')).toMatchObject({ replyTo: id });
}

async function closesWith(code: number, ...frames: RawFrame[]): Promise<void> {
  const client = await welcomed();
  client.send(...frames);
  expect(await client.closeCode()).toBe(code);
}

describe('[ENV1] framing (RFC 6455, 5.2)', () => {
  it.each([125, 126, 127, 128, 65_535, 65_536, 1_000_000])('takes a text of %i bytes', async (bytes) => {
    const client = await welcomed();
    client.send({ opcode: TEXT, payload: pingOf(bytes) });
    await answersPing(client, 'p');
  });

  it('answers an empty text as a malformed message and stays', async () => {
    const client = await welcomed();
    client.send({ opcode: TEXT }, { opcode: TEXT, payload: pingOf(100) });
    expect(await client.message('error')).toMatchObject({ data: { code: 'INVALID_MESSAGE' } });
    await answersPing(client, 'p');
  });

  it('takes frames that come one byte at a time', async () => {
    const client = await welcomed();
    await client.sendSlowly(encodeFrame({ opcode: TEXT, payload: pingOf(140) }));
    await answersPing(client, 'p');
  });

  it('takes many frames in one segment, and answers in their order', async () => {
    const client = await welcomed();
    client.send(...Array.from({ length: 15 }, (_, i) => ({ opcode: TEXT, payload: pingOf(90, `p${i}`) })));
    for (let i = 0; i < 15; i++) await answersPing(client, `p${i}`);
  });

  it('never masks what it sends', async () => {
    const client = await welcomed();
    client.send({ opcode: TEXT, payload: pingOf(100) });
    // A masked frame would not parse as JSON here.
    await answersPing(client, 'p');
  });

  it('refuses frames without a mask', () => closesWith(PROTOCOL_ERROR, { opcode: TEXT, payload: pingOf(100), masked: false }));
  it.each([1, 2, 3, 4, 5, 6, 7])('refuses the reserved bits %i where no extension gave them a meaning', (rsv) => closesWith(PROTOCOL_ERROR, { opcode: TEXT, payload: pingOf(100), rsv }));
  it.each([1, 2, 4])('refuses the reserved bits %i on a ping', (rsv) => closesWith(PROTOCOL_ERROR, { opcode: PING, rsv }));
  it.each([3, 4, 5, 6, 7, 11, 12, 13, 14, 15])('refuses the reserved opcode %i', (opcode) => closesWith(PROTOCOL_ERROR, { opcode, payload: 'x' }));
  it('[ENV1] closes 1003 on a binary message', () => closesWith(1003, { opcode: BINARY, payload: pingOf(100) }));
  it('[ENV1] closes 1003 on a fragmented binary message', () => closesWith(1003, { opcode: BINARY, payload: 'a', fin: false }, { opcode: CONTINUATION, payload: 'b' }));
});

describe('[ENV1] fragmentation (RFC 6455, 5.4)', () => {
  it.each([1, 2, 3, 7, 50])('joins a text cut into pieces of %i bytes', async (size) => {
    const client = await welcomed();
    client.send(...cut(Buffer.from(pingOf(120)), size));
    await answersPing(client, 'p');
  });

  it('joins pieces of which some are empty', async () => {
    const client = await welcomed();
    const [first, ...rest] = cut(Buffer.from(pingOf(80)), 30);
    client.send({ opcode: TEXT, fin: false }, { ...first!, opcode: CONTINUATION }, { opcode: CONTINUATION, fin: false }, ...rest);
    await answersPing(client, 'p');
  });

  it('answers a ping between two pieces at once, and the message after it', async () => {
    const client = await welcomed();
    const [first, ...rest] = cut(Buffer.from(pingOf(80)), 40);
    client.send(first!, { opcode: PING, payload: 'between' });
    expect(await client.next()).toMatchObject({ opcode: PONG, payload: Buffer.from('between') });
    client.send(...rest);
    await answersPing(client, 'p');
  });

  it('refuses a continuation of nothing', () => closesWith(PROTOCOL_ERROR, { opcode: CONTINUATION, payload: 'x' }));
  it('refuses a continuation after the message has ended', () => closesWith(PROTOCOL_ERROR, { opcode: TEXT, payload: pingOf(90) }, { opcode: CONTINUATION, payload: 'x' }));
  it('refuses a new message inside another', () => closesWith(PROTOCOL_ERROR, { opcode: TEXT, payload: 'x', fin: false }, { opcode: TEXT, payload: 'y' }));
});

describe('[LIVE1] control frames (RFC 6455, 5.5)', () => {
  it.each([0, 1, 125])('answers a ping of %i bytes with the same bytes', async (bytes) => {
    const client = await welcomed();
    client.send({ opcode: PING, payload: Buffer.alloc(bytes, 0xfe) });
    expect(await client.next()).toMatchObject({ opcode: PONG, fin: true, payload: Buffer.alloc(bytes, 0xfe) });
  });

  it('answers ten pings in order', async () => {
    const client = await welcomed();
    client.send(...Array.from({ length: 10 }, (_, i) => ({ opcode: PING, payload: `ping ${i}` })));
    for (let i = 0; i < 10; i++) expect(String((await client.next())!.payload)).toBe(`ping ${i}`);
  });

  it('passes over a pong that nobody asked for', async () => {
    const client = await welcomed();
    client.send({ opcode: PONG, payload: 'unasked' }, { opcode: TEXT, payload: pingOf(100) });
    await answersPing(client, 'p');
  });

  it('refuses a ping of 126 bytes', () => closesWith(PROTOCOL_ERROR, { opcode: PING, payload: Buffer.alloc(126) }));
  it('refuses a ping in pieces', () => closesWith(PROTOCOL_ERROR, { opcode: PING, payload: 'x', fin: false }));
  it('refuses a pong in pieces', () => closesWith(PROTOCOL_ERROR, { opcode: PONG, payload: 'x', fin: false }));
});

function cut(bytes: Buffer, size: number): RawFrame[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, i) => ({ opcode: i === 0 ? TEXT : CONTINUATION, fin: i === count - 1, payload: bytes.subarray(i * size, (i + 1) * size) }));
}
