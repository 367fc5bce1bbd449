import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MemoryBroker } from '../src/broker-memory.ts';
import { ManualClock } from '../src/manual-clock.ts';
import { WebSocketManager } from '../src/websocket-manager.ts';
import { RawClient, UPGRADE } from './raw-client.ts';

// Faults that show only on a real socket, on a clock of the test's own.

const CLOSE_PATIENCE_MS = 2000;
let clock: ManualClock;
let manager: WebSocketManager;
let http: Server;
let port: number;

beforeEach(async () => {
  clock = new ManualClock(Date.UTC(2030, 0, 15, 12));
  manager = new WebSocketManager({
    topics: [],
    broker: new MemoryBroker({ clock }),
    clock,
    authenticate: async () => ({ kind: 'ok', identity: { userId: 'ann', username: 'ann', role: 'STAFF', sessionId: 's' } }),
  });
  http = createServer();
  manager.attach(http);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  port = (http.address() as AddressInfo).port;
});
afterEach(() => {
  http.closeAllConnections();
  http.close();
});

/** A client that reads and never answers: no pong, no half of a closing handshake. */
async function mute(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined).resume();
  socket.write(['GET /ws HTTP/1.1', `Host: 127.0.0.1:${port}`, 'Authorization: Bearer t', ...UPGRADE, '', ''].join('\r\n'));
  while (manager.clients.size === 0) await turn();
  return socket;
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
const later = (ms: number): Promise<void> => clock.advanceAsync(ms, turn);
const openSockets = (): Promise<number> => new Promise((resolve, reject) => void http.getConnections((error, count) => (error ? reject(error) : resolve(count))));
const none = async (): Promise<void> => {
  while ((await openSockets()) > 0) await turn();
};

it('[LIVE1] fault: the cable is pulled and the connection never closes: after two silent intervals it is ended, and not waited for', async () => {
  const socket = await mute();
  await later(61_000);
  expect([manager.clients.size, manager.counters.closes]).toEqual([0, { 4408: 1 }]);
  expect(await openSockets()).toBe(1);
  await later(CLOSE_PATIENCE_MS);
  await none();
  socket.destroy();
});

it('[LIVE1] fault: a socket hangs in CLOSING for ever when the other side does not answer: it is cut after two seconds', async () => {
  const socket = await mute();
  const [connection] = await manager.listConnections();
  await manager.closeConnection(connection!.clientId);
  await later(CLOSE_PATIENCE_MS - 1);
  expect(await openSockets()).toBe(1);
  await later(1);
  await none();
  socket.destroy();
});

it('[DRAIN1] fault: upgraded sockets outlive the close of their listener: a shutdown ends them all, with 1012', async () => {
  const clients = await Promise.all([1, 2, 3].map(() => RawClient.connect(port, ['Authorization: Bearer t'])));
  const closed = once(http, 'close');
  http.close();
  const done = manager.shutdown();
  const codes = Promise.all(clients.map((client) => client.closeCode()));
  await later(1000);
  await done;
  expect(await codes).toEqual([1012, 1012, 1012]);
  await closed;
});

it.each([
  ['15.0', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.0 Safari/605.1.15', false],
  ['15.3 on a phone', 'Mozilla/5.0 (iPhone; CPU iPhone OS 15_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.3 Mobile/15E148 Safari/604.1', false],
  ['15.4', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.4 Safari/605.1.15', true],
  ['18.1', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15', true],
])('[UP7] fault: Safari 15.0 to 15.3 breaks on deflate: Safari %s', async (_, userAgent, compressed) => {
  const client = await RawClient.connect(port, ['Authorization: Bearer t', 'Sec-WebSocket-Extensions: permessage-deflate', `User-Agent: ${userAgent}`]);
  expect(client.handshake.headers['sec-websocket-extensions'] !== undefined).toBe(compressed);
  client.destroy();
});
