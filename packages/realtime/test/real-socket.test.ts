import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { MemoryBroker, systemClock, WebSocketManager, type Identity, type TopicDefinition } from '../src/index.ts';

const arrivals: TopicDefinition = {
  name: 'arrivals',
  filters: { stop: 'open', kind: ['BUS', 'TRAM'] },
  delivery: 'droppable',
  eventTypes: ['arrival'],
  audience: ({ role }: Identity) => (role === 'NOBODY' ? undefined : { key: role === 'DRIVER' ? 'full' : 'public' }),
  project: (event, audience) => (audience.key === 'full' ? event.data : { ...(event.data as object), driver: undefined }),
  snapshot: async () => [],
};

class Client {
  readonly socket: WebSocket;
  readonly messages: any[] = [];
  #arrived: () => void = () => undefined;
  readonly closed: Promise<number>;

  constructor(url: string, user: string, role = 'RIDER', query = '') {
    this.socket = new WebSocket(url + query, { headers: { authorization: `Bearer ${user}:${role}` } });
    this.socket.on('message', (data) => {
      this.messages.push(JSON.parse(String(data)));
      this.#arrived();
    });
    this.closed = new Promise((resolve) => this.socket.on('close', resolve));
    this.socket.on('error', () => undefined);
  }

  send(type: string, data: unknown, id?: string): void {
    this.socket.send(JSON.stringify({ type, data, ...(id && { id }) }));
  }

  /** The first message that fits, waiting for it. */
  async next(fits: (message: any) => boolean | string): Promise<any> {
    for (;;) {
      const found = this.messages.find(fits);
      if (found) return found;
      await new Promise<void>((resolve) => (this.#arrived = resolve));
    }
  }

  type(type: string): Promise<any> {
    return this.next((message) => message.type === type);
  }
}

let server: Server;
let manager: WebSocketManager;
let url: string;
const clients: Client[] = [];
const connect = (user: string, role?: string, query?: string): Client => {
  const client = new Client(url, user, role, query);
  clients.push(client);
  return client;
};

beforeEach(async () => {
  manager = new WebSocketManager({
    topics: [arrivals],
    authenticate: async (credential) => {
      const [userId, role] = 'token' in credential ? credential.token.split(':') : [];
      return userId && role ? { kind: 'ok', identity: { userId, username: userId, role, sessionId: `session-${userId}` } } : { kind: 'refused', status: 401, reason: 'unknown' };
    },
    broker: new MemoryBroker({ clock: systemClock }),
  });
  server = createServer((request, response) => void (manager.handleRequest(request, response) || response.writeHead(404).end()));
  manager.attach(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`;
});
afterEach(async () => {
  await manager.shutdown();
  for (const client of clients.splice(0)) client.socket.terminate();
  await new Promise((resolve) => server.close(resolve));
});

describe('over a real socket', () => {
  it('[UP1] [SUB1] [POS2] welcomes, subscribes and delivers filtered events with their chain', async () => {
    const client = connect('lea');
    const welcome = await client.type('welcome');
    expect(client.messages[0]).toBe(welcome);
    expect(welcome.data).toMatchObject({ userId: 'lea', role: 'RIDER', protocol: 'clms.v1', availableSubscriptions: ['arrivals'] });
    client.send('SUBSCRIBE', { topic: 'arrivals', filters: { stop: ['Taft', 'Quirino'] } }, 'a');
    const subscribed = await client.type('subscribed');
    expect(subscribed).toMatchObject({ replyTo: 'a', data: { topic: 'arrivals', filters: { stop: ['Taft', 'Quirino'] }, offset: 0, snapshot: [] } });
    await manager.broadcastToSubscription('arrivals', { type: 'arrival', data: { stop: 'Taft', driver: 'Rey' } });
    await manager.broadcastToSubscription('arrivals', { type: 'arrival', data: { stop: 'Buendia' } });
    await manager.broadcastToSubscription('arrivals', { type: 'arrival', data: { stop: 'Quirino' } });
    const third = await client.next((message) => message.offset === 3);
    expect(third).toMatchObject({ type: 'arrival', topic: 'arrivals', prev: 1 });
    expect(client.messages.filter((message) => message.topic).map((message) => message.offset)).toEqual([1, 3]);
    expect(JSON.stringify(client.messages)).not.toContain('Rey');
  });

  it('[SUB2] [SUB3] resumes exactly what was missed, then position, then live', async () => {
    const first = connect('lea');
    await first.type('welcome');
    first.send('subscribe', { topic: 'arrivals' });
    const { epoch } = (await first.type('subscribed')).data;
    for (const stop of ['A', 'B', 'C']) await manager.broadcastToSubscription('arrivals', { type: 'arrival', data: { stop } });
    const second = connect('leo');
    await second.type('welcome');
    second.send('subscribe', { topic: 'arrivals', since: { epoch, offset: 1 } });
    await second.type('position');
    await manager.broadcastToSubscription('arrivals', { type: 'arrival', data: { stop: 'D' } });
    await second.next((message) => message.offset === 4);
    expect(second.messages.slice(1).map((message) => [message.type, message.offset ?? message.data.offset])).toEqual([['subscribed', 3], ['arrival', 2], ['arrival', 3], ['position', 3], ['arrival', 4]]);
    expect(second.messages[1].data.recovered).toBe(true);

    const third = connect('lou');
    await third.type('welcome');
    third.send('subscribe', { topic: 'arrivals', since: { epoch: 'another', offset: 1 } });
    expect((await third.type('subscribed')).data).toMatchObject({ recovered: false, snapshot: [], offset: 4 });
  });

  it('[UP7] [OUT4] compresses long messages once and keeps them whole', async () => {
    const client = connect('lea');
    await client.type('welcome');
    client.send('subscribe', { topic: 'arrivals' });
    await client.type('subscribed');
    expect(client.socket.extensions).toContain('permessage-deflate');
    const text = 'Ñ'.repeat(3000);
    await Promise.all([1, 2, 3].map((n) => manager.broadcastToSubscription('arrivals', { type: 'arrival', data: { stop: 'A', n, text } })));
    await client.next((message) => message.offset === 3);
    expect(client.messages.filter((message) => message.topic).every((message) => message.data.text === text)).toBe(true);
  });

  it('[DIR1] [DIR2] sends direct messages to a user, a role and all, and keeps them for who is away', async () => {
    const lea = connect('lea');
    const tab = connect('lea');
    const rey = connect('rey', 'DRIVER');
    await Promise.all([lea.type('welcome'), tab.type('welcome'), rey.type('welcome')]);
    const { epoch, offset } = await manager.sendToUser('lea', { type: 'personal_notification', data: { n: 1 } });
    await manager.broadcastToRole('DRIVER', { type: 'staff_alert', data: { n: 2 } });
    await manager.broadcast({ type: 'system_announcement', data: { n: 3 } });
    await Promise.all([lea, tab, rey].map((client) => client.type('system_announcement')));
    const direct = (client: Client) => client.messages.filter((message) => message.topic === 'inbox').map((message) => message.data.n);
    expect([direct(lea), direct(tab), direct(rey)]).toEqual([[1, 3], [1, 3], [2, 3]]);
    const late = connect('leo');
    await late.type('welcome');
    late.send('subscribe', { topic: 'inbox', since: { epoch, offset: offset - 1 } });
    await late.type('position');
    expect(direct(late)).toEqual([3]);
    tab.send('subscribe', { topic: 'inbox' });
    expect((await tab.type('subscribed')).data.snapshot.map((item: any) => [item.data.n, item.delivered])).toEqual([[1, true], [3, true]]);
  });

  it('[UP5] tells the sixth connection of a user why, and keeps the others', async () => {
    const five = [1, 2, 3, 4, 5].map(() => connect('lea'));
    await Promise.all(five.map((client) => client.type('welcome')));
    const sixth = connect('lea');
    expect(await sixth.closed).toBe(4429);
    expect(sixth.messages.map((message) => [message.type, message.data.code, message.data.details.reason])).toEqual([['error', 'RATE_LIMIT', 'CONNECTION_LIMIT']]);
    expect(manager.clients.size).toBe(5);
  });

  it('[DRAIN1] tells clients when to come back and closes with 1012', async () => {
    const client = connect('lea');
    await client.type('welcome');
    await manager.shutdown();
    expect(await client.closed).toBe(1012);
    expect(client.messages.at(-1)).toMatchObject({ type: 'reconnect', data: { reason: 'RESTART' } });
  });

  it('[DIR1] withholds an event from one connection, and tells it the position', async () => {
    const lea = connect('lea');
    const leo = connect('leo');
    for (const client of [lea, leo]) {
      await client.type('welcome');
      client.send('subscribe', { topic: 'arrivals' });
      await client.type('subscribed');
    }
    await manager.broadcastToSubscription('arrivals', { type: 'arrival', data: { stop: 'A' } }, lea.messages[0].data.clientId);
    await leo.type('arrival');
    expect((await lea.type('position')).data).toEqual({ topic: 'arrivals', offset: 1 });
    expect(lea.messages.some((message) => message.type === 'arrival')).toBe(false);
  });
});
