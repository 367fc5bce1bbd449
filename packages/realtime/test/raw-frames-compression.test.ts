import { constants, deflateRawSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EngineServer } from './engine-server.ts';
import { deflateMessage, RawClient, textOf, type ServerFrame } from './raw-client.ts';
import { OPCODE, type RawFrame } from './raw-frame.ts';

const { TEXT, CONTINUATION, PING, PONG } = OPCODE;
const RSV1 = 4;
const [PROTOCOL_ERROR, BAD_DATA, TOO_BIG] = [1002, 1007, 1009];
const MAX_PAYLOAD = 256 * 1024;
const OFFER = 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits';

const server = new EngineServer({ maxPayload: MAX_PAYLOAD });
const clients: RawClient[] = [];
beforeAll(() => server.start());
afterAll(() => server.stop());
afterEach(() => clients.splice(0).forEach((client) => client.destroy()));

async function connect(offer = OFFER): Promise<RawClient> {
  const client = await RawClient.connect(server.port, [...server.credential(), offer]);
  clients.push(client);
  return client;
}

async function welcomed(): Promise<RawClient> {
  const client = await connect();
  await client.message('welcome');
  return client;
}

async function closesWith(code: number, ...frames: RawFrame[]): Promise<void> {
  const client = await welcomed();
  client.send(...frames);
  expect(await client.closeCode()).toBe(code);
}

const ping = (id: string, padding = '') => JSON.stringify({ type: 'ping', data: {}, id, padding });

describe('[UP7] negotiating permessage-deflate (RFC 7692, 7.1)', () => {
  it.each([
    'permessage-deflate',
    'permessage-deflate; client_max_window_bits',
    'permessage-deflate; server_no_context_takeover',
    'permessage-deflate; client_no_context_takeover; server_no_context_takeover',
    'x-unknown, permessage-deflate',
  ])('fault: contexts of deflate grow and fragment memory: accepts “%s” and keeps none on either side', async (offer) => {
    const { handshake } = await connect(`Sec-WebSocket-Extensions: ${offer}`);
    expect(handshake.status).toBe(101);
    const parameters = handshake.headers['sec-websocket-extensions']!.split(';').map((part) => part.trim());
    expect(parameters[0]).toBe('permessage-deflate');
    expect(parameters).toContain('server_no_context_takeover');
    expect(parameters).toContain('client_no_context_takeover');
  });

  it.each(['x-webkit-deflate-frame', 'permessage-bzip2'])('passes over the unknown extension %s', async (offer) => {
    const { handshake } = await connect(`Sec-WebSocket-Extensions: ${offer}`);
    expect(handshake.status).toBe(101);
    expect(handshake.headers['sec-websocket-extensions']).toBeUndefined();
  });

  it.each(['permessage-deflate; server_max_window_bits=99', 'permessage-deflate; client_max_window_bits=7', 'permessage-deflate; ;', 'permessage-deflate; server_no_context_takeover; server_no_context_takeover', 'permessage-deflate; unknown_parameter', 'permessage-deflate; unknown_parameter, permessage-deflate'])(
    'never accepts the malformed offer “%s”',
    async (offer) => {
      const { handshake } = await connect(`Sec-WebSocket-Extensions: ${offer}`);
      expect([101, 400]).toContain(handshake.status);
      expect(handshake.headers['sec-websocket-extensions']).toBeUndefined();
    },
  );

  it('is not offered unasked', async () => {
    const client = await RawClient.connect(server.port, server.credential());
    clients.push(client);
    expect(client.handshake.headers['sec-websocket-extensions']).toBeUndefined();
  });
});

describe('[UP7] compressed messages from the client (RFC 7692, 7.2)', () => {
  it('reads one, and the next without the first one’s context', async () => {
    const client = await welcomed();
    for (const id of ['one', 'two', 'three']) {
      client.send({ opcode: TEXT, rsv: RSV1, payload: deflateMessage(ping(id)) });
      expect(await client.message('pong')).toMatchObject({ replyTo: id });
    }
  });

  it('reads compressed and plain ones by turns', async () => {
    const client = await welcomed();
    client.send({ opcode: TEXT, payload: ping('plain') }, { opcode: TEXT, rsv: RSV1, payload: deflateMessage(ping('small')) }, { opcode: TEXT, payload: ping('again') });
    for (const id of ['plain', 'small', 'again']) expect(await client.message('pong')).toMatchObject({ replyTo: id });
  });

  it('reads one in pieces, with a ping between them', async () => {
    const client = await welcomed();
    const bytes = deflateMessage(ping('pieces', 'abc'.repeat(300)));
    client.send({ opcode: TEXT, rsv: RSV1, fin: false, payload: bytes.subarray(0, 10) }, { opcode: PING, payload: 'between' }, { opcode: CONTINUATION, payload: bytes.subarray(10) });
    expect(await client.next()).toMatchObject({ opcode: PONG });
    expect(await client.message('pong')).toMatchObject({ replyTo: 'pieces' });
  });

  it('reads stored blocks, and several blocks', async () => {
    const client = await welcomed();
    const stored = deflateRawSync(ping('stored'), { level: 0, finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
    const half = Math.floor(ping('blocks').length / 2);
    const first = deflateRawSync(ping('blocks').slice(0, half), { finishFlush: constants.Z_SYNC_FLUSH });
    const second = deflateRawSync(ping('blocks').slice(half), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
    client.send({ opcode: TEXT, rsv: RSV1, payload: stored }, { opcode: TEXT, rsv: RSV1, payload: Buffer.concat([first, second]) });
    for (const id of ['stored', 'blocks']) expect(await client.message('pong')).toMatchObject({ replyTo: id });
  });

  it('refuses RSV1 on a continuation', () => closesWith(PROTOCOL_ERROR, { opcode: TEXT, rsv: RSV1, fin: false, payload: 'x' }, { opcode: CONTINUATION, rsv: RSV1, payload: 'y' }));
  it('refuses RSV1 on a ping', () => closesWith(PROTOCOL_ERROR, { opcode: PING, rsv: RSV1, payload: 'x' }));
  it.each([1, 2, 6])('refuses the reserved bits %i', (rsv) => closesWith(PROTOCOL_ERROR, { opcode: TEXT, rsv, payload: deflateMessage(ping('x')) }));
  it('closes 1007 on bytes that are no deflate stream', () => closesWith(BAD_DATA, { opcode: TEXT, rsv: RSV1, payload: Buffer.from('fffefdfcfbfaf9f8', 'hex') }));
  it('closes 1007 on bad UTF-8 inside', () => closesWith(BAD_DATA, { opcode: TEXT, rsv: RSV1, payload: deflateRawSync(Buffer.from([0xc3, 0x28]), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4) }));

  it('[ENV1] closes 1009 on a small frame that inflates beyond the limit', async () => {
    const bomb = deflateMessage(' '.repeat(50 * MAX_PAYLOAD));
    expect(bomb.length).toBeLessThan(MAX_PAYLOAD);
    await closesWith(TOO_BIG, { opcode: TEXT, rsv: RSV1, payload: bomb });
  });
});

/** What a subscriber gets for one event. */
async function events(offer: string | undefined, note: string): Promise<ServerFrame> {
  const client = await RawClient.connect(server.port, [...server.credential(), ...(offer ? [offer] : [])]);
  clients.push(client);
  await client.message('welcome');
  client.send({ opcode: TEXT, payload: JSON.stringify({ type: 'subscribe', data: { topic: 'orders' } }) });
  await client.message('subscribed');
  await server.publish({ note });
  return (await client.next())!;
}

describe('[UP7] compressed messages from the server', () => {
  it('sets RSV1 on a long message, which inflates by itself to the very text others get', async () => {
    const note = 'the same words again and again '.repeat(100);
    const compressed = await events(OFFER, note);
    expect(compressed).toMatchObject({ rsv: RSV1, opcode: TEXT, fin: true });
    expect(compressed.payload.length).toBeLessThan(note.length / 4);
    expect(JSON.parse(textOf(compressed))).toMatchObject({ topic: 'orders', data: { note } });
  });

  it('leaves a short message as it is', async () => {
    expect(await events(OFFER, 'short')).toMatchObject({ rsv: 0, opcode: TEXT });
  });

  it('sends long messages plain to who did not ask', async () => {
    expect(await events(undefined, 'x'.repeat(5000))).toMatchObject({ rsv: 0, opcode: TEXT });
  });
});
