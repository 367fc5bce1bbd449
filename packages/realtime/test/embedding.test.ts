import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ClientManager, MemoryBroker, WebSocketManager } from '../src/index.ts';

// What an application does that has nothing but the package: a server of its own, plain sockets, no clock and nothing started by hand.

const USERS: Readonly<Record<string, { userId: string; role: string }>> = { 'token-ann': { userId: 'ann', role: 'STAFF' }, 'token-bob': { userId: 'bob', role: 'GUEST' }, 'token-eve': { userId: 'eve', role: 'BANNED' } };

let manager: WebSocketManager;
let http: ReturnType<typeof createServer>;

beforeEach(async () => {
  manager = new WebSocketManager({
    topics: [{ name: 'orders', filters: { shop: 'open' }, eventTypes: ['order_update'], delivery: 'droppable', audience: ({ role }) => (role === 'STAFF' ? { key: role } : undefined), project: ({ data }) => data }],
    authenticate: async (credential) => {
      const user = 'token' in credential ? USERS[credential.token] : undefined;
      return user ? { kind: 'ok', identity: { ...user, username: user.userId, sessionId: `session-${user.userId}` } } : { kind: 'refused', status: 401, reason: 'unknown token' };
    },
    authorize: ({ role }) => role !== 'BANNED',
    snapshot: async (topic) => [`the state of ${topic}`],
    broker: new MemoryBroker(),
    config: { path: '/live', auth: { requireAuth: true, allowedRoles: ['STAFF', 'GUEST', 'BANNED'], rateLimitEnabled: true, maxConnectionsPerUser: 5 }, enableCompression: true, maxPayload: 1024 * 1024, heartbeatInterval: 30_000 },
  });
  http = createServer((_request, response) => void response.end('the application itself'));
  manager.attach(http);
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await manager.shutdown();
  await new Promise((resolve) => void http.close(resolve));
});

interface Tab {
  readonly clientId: string;
  /** Types and `n` of what came since it was asked for last, once `count` have come. */
  heard(count: number): Promise<unknown[]>;
  send(type: string, data: unknown): void;
  readonly closed: Promise<number>;
}

async function open(token: string): Promise<Tab> {
  const socket = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}/live`, ['clms.v1', `bearer.${token}`]);
  const frames: any[] = [];
  let arrived = Promise.withResolvers<void>();
  socket.addEventListener('message', ({ data }) => {
    const frame = JSON.parse(String(data));
    if (frame.type !== 'position') frames.push(frame);
    arrived.resolve();
    arrived = Promise.withResolvers();
  });
  const closed = new Promise<number>((resolve) => socket.addEventListener('close', ({ code }) => resolve(code)));
  const take = async (count: number): Promise<any[]> => {
    while (frames.length < count) await Promise.race([arrived.promise, closed.then((code) => Promise.reject(new Error(`closed with ${code}`)))]);
    return frames.splice(0, count);
  };
  const [welcome] = await take(1);
  return { clientId: welcome.data.clientId, heard: async (count) => (await take(count)).map(({ type, data }) => [type, data.n ?? data.snapshot ?? data.code]), send: (type, data) => socket.send(JSON.stringify({ type, data })), closed };
}

it('[UP1] [DIR1] an attached server keeps its own requests, and the four ways of sending reach those they name', async () => {
  const [ann, bob] = [await open('token-ann'), await open('token-bob')];
  expect(await (await fetch(`http://127.0.0.1:${(http.address() as AddressInfo).port}/`)).text()).toBe('the application itself');
  ann.send('subscribe', { topic: 'orders', filters: { shop: 'north' } });
  expect(await ann.heard(1)).toEqual([['subscribed', ['the state of orders']]]);
  bob.send('subscribe', { topic: 'orders' });
  expect(await bob.heard(1)).toEqual([['error', 'UNAUTHORIZED']]);

  expect(await manager.broadcast({ type: 'to_all', data: { n: 1 } }, ann.clientId)).toEqual({ topic: 'inbox', epoch: expect.any(String), offset: 1 });
  await manager.sendToUser('ann', { type: 'to_ann', data: { n: 2 } });
  await manager.broadcastToRole('GUEST', { type: 'to_guests', data: { n: 3 } });
  await manager.broadcastToSubscription('orders', { type: 'order_update', data: { shop: 'south', n: 4 } });
  await manager.broadcastToSubscription('orders', { type: 'order_update', data: { shop: 'north', n: 5 } });
  expect(await ann.heard(2)).toEqual([['to_ann', 2], ['order_update', 5]]);
  expect(await bob.heard(2)).toEqual([['to_all', 1], ['to_guests', 3]]);
  expect(manager.getStatus()).toMatchObject({ totalConnections: 2, activeConnections: 2, byRole: { STAFF: 1, GUEST: 1 }, byTopic: { orders: 1 }, nodes: [{ state: 'ok' }] });
});

it('[UP3] who is unknown or not authorised opens nothing', async () => {
  await expect(open('token-nobody')).rejects.toThrow();
  await expect(open('token-eve')).rejects.toThrow();
  expect(manager.clients.getStats().activeConnections).toBe(0);
});

it('the client manager tells who is there, and forgets whom it is told to forget', async () => {
  const ann = await open('token-ann');
  expect(manager.clients).toBeInstanceOf(ClientManager);
  expect(manager.clients.getStats()).toEqual({ activeConnections: 1, users: 1, byRole: { STAFF: 1 } });
  manager.clients.updateClientActivity(ann.clientId);
  const connection = manager.clients.removeClient(ann.clientId)!;
  expect([manager.clients.size, manager.clients.removeClient(ann.clientId)]).toEqual([0, undefined]);
  manager.clients.addClient(connection);
  expect(manager.clients.ofUser('ann')).toEqual([connection]);
  manager.clients.shutdown();
  expect(await ann.closed).toBe(1006);
});

it('[DRAIN1] shutdown tells when to come back and closes with 1012; a second one waits for the first', async () => {
  const ann = await open('token-ann');
  const both = Promise.all([manager.shutdown(), manager.shutdown()]);
  expect(await ann.heard(1)).toEqual([['reconnect', undefined]]);
  expect(await ann.closed).toBe(1012);
  await both;
});

it('[DIR1] what cannot be sent rejects, and nothing is thrown at whoever only catches', async () => {
  const wrong = [manager.broadcast({ type: 'welcome', data: {} }), manager.broadcastToRole('STAFF', { type: 'No Type', data: {} }), manager.sendToUser('ann', { type: 'error!', data: {} }), manager.broadcastToSubscription('planets', { type: 'order_update', data: {} })];
  for (const promise of wrong) await expect(promise).rejects.toThrow(TypeError);
});
