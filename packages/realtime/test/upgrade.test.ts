import { request, createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MemoryBroker } from '../src/broker-memory.ts';
import type { ManagerConfig } from '../src/config.ts';
import { ManualClock } from '../src/manual-clock.ts';
import type { Credential, SecurityEntry } from '../src/upgrade.ts';
import { WebSocketManager } from '../src/websocket-manager.ts';

const UPGRADE = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' };
const clock = new ManualClock(Date.UTC(2030, 0, 15, 12));
const servers: Server[] = [];
let attempts: SecurityEntry[];
let shown: Credential[];

interface Site {
  readonly manager: WebSocketManager;
  readonly port: number;
}

async function open(config: ManagerConfig = {}): Promise<Site> {
  const manager = new WebSocketManager({
    topics: [],
    broker: new MemoryBroker({ clock }),
    clock,
    authenticate: async (credential) => {
      shown.push(credential);
      const text = 'token' in credential ? credential.token : 'ticket' in credential ? credential.ticket : credential.session;
      if (text === 'broken') throw new Error('the database is away');
      return text.startsWith('good') ? { kind: 'ok', identity: { userId: text, username: text, role: text === 'good-guest' ? 'GUEST' : 'STAFF', sessionId: text } } : { kind: 'refused', status: 401, reason: 'the token is not valid' };
    },
    authorize: ({ role }) => role !== 'GUEST',
    securityLog: (entry) => void attempts.push(entry),
    config,
  });
  const server = createServer((incoming, response) => void (manager.handleRequest(incoming, response) || response.writeHead(404).end()));
  servers.push(server);
  manager.attach(server);
  await manager.start();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { manager, port: (server.address() as AddressInfo).port };
}

/** What the server answers to an upgrade: 101 with the chosen protocol, or a refusal with its body. */
function upgrade({ port }: Site, headers: Record<string, string> = {}, path = '/ws'): Promise<{ status: number; headers: IncomingMessage['headers']; body: any }> {
  return new Promise((resolve, reject) => {
    const asking = request({ port, host: '127.0.0.1', path, headers: { ...UPGRADE, ...headers } });
    asking.on('upgrade', ({ headers: answered }, socket) => {
      socket.destroy();
      resolve({ status: 101, headers: answered, body: undefined });
    });
    asking.on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body: parts.length > 0 ? JSON.parse(Buffer.concat(parts).toString()) : undefined }));
    });
    asking.on('error', reject);
    asking.end();
  });
}

/** The same with a request written by hand: what no decent client sends. */
async function rawUpgrade({ port }: Site, line: string, headers: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end([line, ...Object.entries(UPGRADE).map(([name, value]) => `${name}: ${value}`), ...headers, '', ''].join('\r\n'));
  return text(socket);
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
let site: Site;
beforeAll(async () => void (site = await open({ connectRateLimit: false })));
afterAll(() => servers.forEach((server) => server.close()));
beforeEach(() => {
  attempts = [];
  shown = [];
});

describe('a credential', () => {
  it('[UP2] may be a header, a subprotocol or a ticket, and the first of these counts', async () => {
    expect((await upgrade(site, bearer('good-1'))).status).toBe(101);
    expect((await upgrade(site, { 'Sec-WebSocket-Protocol': 'clms.v1, bearer.good-2' })).status).toBe(101);
    expect((await upgrade(site, {}, '/ws?ticket=good-3')).status).toBe(101);
    expect((await upgrade(site, { ...bearer('good-4'), 'Sec-WebSocket-Protocol': 'bearer.bad' }, '/ws?ticket=bad')).status).toBe(101);
    expect((await upgrade(site, { ...bearer('bad'), 'Sec-WebSocket-Protocol': 'bearer.good-5' })).status).toBe(401);
    expect(shown).toEqual([{ token: 'good-1' }, { token: 'good-2' }, { ticket: 'good-3' }, { token: 'good-4' }, { token: 'bad' }]);
  });

  it('[UP2] [UP8] is never echoed; the contract is selected when it is offered', async () => {
    const chosen = async (protocols?: string) => (await upgrade(site, { ...bearer('good'), ...(protocols && { 'Sec-WebSocket-Protocol': protocols }) })).headers['sec-websocket-protocol'];
    expect([await chosen('bearer.good, clms.v1'), await chosen('bearer.good'), await chosen()]).toEqual(['clms.v1', undefined, undefined]);
  });

  it.each(['/ws?token=good', '/ws?access_token=good', '/ws?jwt=good', '/ws?x=eyJhbGciOiJIUzI1NiJ9.e30.c2ln', '/ws?authorization=Bearer%20eyJhbGciOiJIUzI1NiJ9.e30.c2ln'])('[UP2] fault: a token in the URL stands in the logs of proxies: %s is refused', async (path) => {
    expect((await upgrade(site, bearer('good'), path)).status).toBe(400);
  });

  it('[UP3] missing or not accepted is 401, with problem+json', async () => {
    const answer = await upgrade(site);
    expect(answer).toMatchObject({ status: 401, headers: { 'content-type': 'application/problem+json', 'www-authenticate': 'Bearer' }, body: { status: 401, title: 'Unauthorized', code: 'UNAUTHORIZED' } });
    expect((await upgrade(site, bearer('bad'))).status).toBe(401);
  });

  it('[UP3] that cannot be checked is 503, and the server lives on', async () => {
    expect((await upgrade(site, bearer('broken'))).status).toBe(503);
    expect((await upgrade(site, bearer('good'))).status).toBe(101);
  });

  it('[UP3] of a role that may not connect is 403', async () => {
    expect((await upgrade(site, bearer('good-guest'))).status).toBe(403);
  });
});

describe('a request', () => {
  it('[UP1] to another path is 404', async () => {
    expect((await upgrade(site, bearer('good'), '/wss')).status).toBe(404);
    expect((await upgrade(site, bearer('good'), '/')).status).toBe(404);
  });

  it('[UP3] without an upgrade is 426, malformed 400', async () => {
    const plain = await fetch(`http://127.0.0.1:${site.port}/ws`);
    expect([plain.status, plain.headers.get('content-type')]).toEqual([426, 'application/problem+json']);
    expect((await upgrade(site, { ...bearer('good'), 'Sec-WebSocket-Key': 'short' })).status).toBe(400);
    expect(await upgrade(site, { ...bearer('good'), 'Sec-WebSocket-Version': '8' })).toMatchObject({ status: 400, headers: { 'sec-websocket-version': '13' } });
  });

  it.each([
    ['no host', 'GET /ws HTTP/1.1', []],
    ['two hosts', 'GET /ws HTTP/1.1', ['Host: a', 'Host: b']],
    ['an old version of HTTP', 'GET /ws HTTP/1.0', ['Host: a']],
    ['another method', 'POST /ws HTTP/1.1', ['Host: a']],
    ['an empty list of protocols', 'GET /ws HTTP/1.1', ['Host: a', 'Sec-WebSocket-Protocol:']],
    ['a protocol that is named twice', 'GET /ws HTTP/1.1', ['Host: a', 'Sec-WebSocket-Protocol: clms.v1', 'Sec-WebSocket-Protocol: clms.v1']],
    ['extensions that cannot be read', 'GET /ws HTTP/1.1', ['Host: a', 'Sec-WebSocket-Extensions: permessage-deflate; ;']],
    ['a window that deflate does not have', 'GET /ws HTTP/1.1', ['Host: a', 'Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99']],
    ['a list of protocols with a hole', 'GET /ws HTTP/1.1', ['Host: a', 'Sec-WebSocket-Protocol: clms.v1,']],
  ])('[UP3] [UP6] with %s is 400 with problem+json, and is written down as refused', async (_, line, headers) => {
    const answer = await rawUpgrade(site, line, [...headers, 'Authorization: Bearer good']);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n(.+\r\n)*Content-Type: application\/problem\+json\r\n/);
    expect(attempts).toMatchObject([{ outcome: 'REFUSED', reason: expect.stringMatching(/^400 /) }]);
  });

  it('[UP4] fault: another site opens a socket with the user’s cookie: from another host is 403; the port may differ', async () => {
    const from = async (origin: string) => (await upgrade(site, { ...bearer('good'), Origin: origin })).status;
    expect([await from('http://127.0.0.1:9999'), await from('http://evil.example'), await from('null')]).toEqual([101, 403, 403]);
  });

  it('[UP4] with a list of origins only these', async () => {
    const strict = await open({ connectRateLimit: false, allowedOrigins: ['https://desk.example:8443'] });
    const from = async (origin: string) => (await upgrade(strict, { ...bearer('good'), Origin: origin })).status;
    expect([await from('https://desk.example:8443'), await from('https://desk.example'), await from('http://127.0.0.1')]).toEqual([101, 403, 403]);
  });

  it('[UP3] [RATE2] that comes too fast is 429 before its token is looked at', async () => {
    const limited = await open();
    const statuses = [];
    for (let sent = 0; sent < 51; sent++) statuses.push((await upgrade(limited, bearer('bad'))).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(50);
    expect([statuses.at(-1), shown.length]).toEqual([429, 50]);
    expect((await upgrade(limited, bearer('good'))).headers['retry-after']).toBe('1');
    clock.advance(100);
    expect((await upgrade(limited, bearer('good'))).status).toBe(101);
  });

  it('[UP3] when all places are taken or the server drains is 503', async () => {
    const full = await open({ connectRateLimit: false, maxConnections: 0 });
    expect(await upgrade(full, bearer('good'))).toMatchObject({ status: 503, headers: { 'retry-after': expect.any(String) } });
    site.manager.stopAccepting();
    expect((await upgrade(site, bearer('good'))).status).toBe(503);
    site = await open({ connectRateLimit: false });
  });
});

it('[UP6] every attempt is written down, and no credential', async () => {
  await upgrade(site, { ...bearer('good-secret'), Origin: 'http://127.0.0.1', 'User-Agent': 'desk/1' });
  await upgrade(site, { ...bearer('bad-secret') });
  expect(attempts).toMatchObject([
    { address: '127.0.0.1', origin: 'http://127.0.0.1', userAgent: 'desk/1', outcome: 'ACCEPTED', userId: 'good-secret', transport: 'ws' },
    { address: '127.0.0.1', outcome: 'REFUSED', reason: '401 the token is not valid', userId: undefined },
  ]);
  expect(JSON.stringify(attempts)).not.toContain('bad-secret');
});

it('[UP4] behind a trusted proxy the forwarded host and address count, from others they do not', async () => {
  const forwarded = { 'X-Forwarded-For': '203.0.113.7', 'X-Forwarded-Host': 'library.example' };
  const trusting = await open({ connectRateLimit: false, trustProxy: ['127.0.0.1'] });
  expect((await upgrade(trusting, { ...bearer('good'), ...forwarded, Origin: 'https://library.example' })).status).toBe(101);
  expect((await upgrade(site, { ...bearer('good'), ...forwarded, Origin: 'https://library.example' })).status).toBe(403);
  expect(attempts.map(({ address }) => address)).toEqual(['203.0.113.7', '127.0.0.1']);
});
