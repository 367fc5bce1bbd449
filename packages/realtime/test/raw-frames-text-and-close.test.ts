import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EngineServer } from './engine-server.ts';
import { RawClient } from './raw-client.ts';
import { closePayload, OPCODE, type RawFrame } from './raw-frame.ts';

const { TEXT, CONTINUATION, CLOSE } = OPCODE;
const [PROTOCOL_ERROR, BAD_UTF8, TOO_BIG] = [1002, 1007, 1009];
const MAX_PAYLOAD = 64 * 1024;

const server = new EngineServer({ maxPayload: MAX_PAYLOAD });
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

async function closesWith(code: number, ...frames: RawFrame[]): Promise<void> {
  const client = await welcomed();
  client.send(...frames);
  expect(await client.closeCode()).toBe(code);
}

/** A ping whose id holds these bytes: it comes back in `replyTo`. */
function pingWith(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from('{"type":"ping","data":{},"id":"'), bytes, Buffer.from('"}')]);
}

describe('[ENV1] UTF-8 (RFC 6455, 8.1)', () => {
  const texts = ['κόσμε', 'Peña, José', '学生图书馆', '🙂📚', '\u{10FFFF}', '\uFFFD', 'e\u0301'];

  it.each(texts)('carries %s there and back', async (text) => {
    const client = await welcomed();
    client.send({ opcode: TEXT, payload: pingWith(Buffer.from(text)) });
    expect(await client.message('pong')).toMatchObject({ replyTo: text });
  });

  it.each(texts)('carries %s, cut into frames at every byte', async (text) => {
    const client = await welcomed();
    const bytes = pingWith(Buffer.from(text));
    client.send(...Array.from(bytes, (_, i) => ({ opcode: i === 0 ? TEXT : CONTINUATION, fin: i === bytes.length - 1, payload: bytes.subarray(i, i + 1) })));
    expect(await client.message('pong')).toMatchObject({ replyTo: text });
  });

  it.each([
    ['a continuation byte alone', [0x80]], ['a lead byte alone', [0xc3]], ['a cut three-byte form', [0xe5, 0xad]], ['a cut four-byte form', [0xf0, 0x9f, 0x99]],
    ['an overlong slash', [0xc0, 0xaf]], ['an overlong NUL', [0xc0, 0x80]], ['an overlong three-byte form', [0xe0, 0x80, 0xaf]], ['an overlong four-byte form', [0xf0, 0x80, 0x80, 0xaf]],
    ['a high surrogate', [0xed, 0xa0, 0x80]], ['a low surrogate', [0xed, 0xbf, 0xbf]], ['a surrogate pair', [0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80]],
    ['over U+10FFFF', [0xf4, 0x90, 0x80, 0x80]], ['a five-byte form', [0xf8, 0x88, 0x80, 0x80, 0x80]], ['FE', [0xfe]], ['FF', [0xff]],
  ])('closes 1007 on %s, whole or in pieces', async (_, bytes) => {
    const payload = pingWith(Buffer.from(bytes));
    await closesWith(BAD_UTF8, { opcode: TEXT, payload });
    await closesWith(BAD_UTF8, { opcode: TEXT, fin: false, payload: payload.subarray(0, 32) }, { opcode: CONTINUATION, payload: payload.subarray(32) });
  });
});

describe('[ENV1] closing (RFC 6455, 7)', () => {
  it.each([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999])('answers a close with %i by the same code', (code) => closesWith(code, { opcode: CLOSE, payload: closePayload(code, 'bye') }));
  it('answers a close without a code', () => closesWith(1005, { opcode: CLOSE }));
  it('takes a reason of 123 bytes', () => closesWith(1000, { opcode: CLOSE, payload: closePayload(1000, 'r'.repeat(123)) }));
  it.each([0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535])('refuses the code %i', (code) => closesWith(PROTOCOL_ERROR, { opcode: CLOSE, payload: closePayload(code) }));
  it('refuses a payload of one byte', () => closesWith(PROTOCOL_ERROR, { opcode: CLOSE, payload: 'x' }));
  it('refuses a payload of 126 bytes', () => closesWith(PROTOCOL_ERROR, { opcode: CLOSE, payload: closePayload(1000, 'r'.repeat(124)) }));
  it('refuses a reason that is no UTF-8', () => closesWith(BAD_UTF8, { opcode: CLOSE, payload: closePayload(1000, Buffer.from([0xce, 0xba, 0xff])) }));
  it('refuses a close in pieces', () => closesWith(PROTOCOL_ERROR, { opcode: CLOSE, fin: false, payload: closePayload(1000) }));

  it('does nothing for what comes after a close', async () => {
    const client = await welcomed();
    client.send({ opcode: CLOSE, payload: closePayload(1000) }, { opcode: TEXT, payload: pingWith(Buffer.from('late')) });
    const frames = [];
    for (let frame = await client.next(); frame; frame = await client.next()) frames.push(frame.opcode);
    expect(frames).toEqual([CLOSE]);
  });
});

describe('[ENV1] limits', () => {
  it('takes a message of exactly the limit', async () => {
    const client = await welcomed();
    client.send({ opcode: TEXT, payload: Buffer.concat([pingWith(Buffer.from('full')), Buffer.alloc(MAX_PAYLOAD, ' ')]).subarray(0, MAX_PAYLOAD) });
    expect(await client.message('pong')).toMatchObject({ replyTo: 'full' });
  });

  it('closes 1009 by the header alone, before the payload comes', () => closesWith(TOO_BIG, { opcode: TEXT, payload: '', claimedLength: BigInt(MAX_PAYLOAD + 1) }));
  it('closes 1009 on a length of 2^62', () => closesWith(TOO_BIG, { opcode: TEXT, payload: '', claimedLength: 2n ** 62n }));

  it('closes 1009 when pieces together exceed the limit', () => {
    const piece = Buffer.alloc(MAX_PAYLOAD / 4, 'x');
    return closesWith(TOO_BIG, { opcode: TEXT, fin: false, payload: piece }, ...Array.from({ length: 4 }, () => ({ opcode: CONTINUATION, fin: false, payload: piece })));
  });

  it('cuts off a client that sends tiny pieces without end', async () => {
    const client = await welcomed();
    const piece = { opcode: CONTINUATION, fin: false, payload: 'x' };
    client.send({ opcode: TEXT, fin: false, payload: 'x' });
    for (let i = 0; i < 40; i++) client.send(...Array.from({ length: 1000 }, () => piece));
    expect([1008, TOO_BIG]).toContain(await client.closeCode());
  });
});
