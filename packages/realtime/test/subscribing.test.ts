import { beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryBroker } from '../src/broker-memory.ts';
import type { InboundLane } from '../src/inbound-lane.ts';
import { ManualClock } from '../src/manual-clock.ts';
import type { TopicDefinition } from '../src/topic.ts';
import { WebSocketManager } from '../src/websocket-manager.ts';
import { ModelTransport } from './model-transport.ts';

const clock = new ManualClock(Date.UTC(2030, 0, 15, 12));
let readable: boolean;
let stock: { shop: string }[];
let manager: WebSocketManager;
let turn: (() => void)[];
let published: number;

const orders: TopicDefinition = {
  name: 'orders',
  filters: { shop: 'open' },
  delivery: 'undroppable',
  eventTypes: ['order_update'],
  audience: ({ role }) => ({ key: role }),
  project: ({ data }) => data,
  snapshot: async ({ wants }) => {
    if (!readable) throw new Error('the database is away');
    return stock.filter((order) => wants(order, 'order_update'));
  },
};

beforeEach(async () => {
  readable = true;
  stock = [];
  turn = [];
  published = 0;
  manager = new WebSocketManager({
    topics: [orders],
    authenticate: async () => ({ kind: 'refused', status: 401, reason: 'not used' }),
    broker: new MemoryBroker({ clock }),
    clock,
    config: { queueBytes: 1000, undroppableBytes: 2000 },
    defer: (work) => void turn.push(work),
  });
  await manager.start();
});

interface Guest {
  readonly messages: any[];
  readonly transport: ModelTransport;
  readonly lane: InboundLane;
  codes: number[];
}

function guest(userId: string): Guest {
  const messages: any[] = [];
  const codes: number[] = [];
  const transport = new ModelTransport((text) => messages.push(JSON.parse(text)));
  transport.onClosed = (code) => codes.push(code);
  const { lane } = manager.connect({ userId, username: userId, role: 'STAFF', sessionId: userId }, { address: '', origin: undefined, userAgent: undefined }, transport)!;
  return { messages, transport, lane, codes };
}

async function settle(): Promise<void> {
  for (let quiet = 0; quiet < 3; quiet++) {
    await new Promise<void>((resolve) => void setImmediate(resolve));
    for (const work of turn.splice(0)) work();
  }
}

async function ask(who: Guest, type: string, data: unknown): Promise<void> {
  who.lane.receive(JSON.stringify({ type, data }));
  await settle();
}

const publish = (shop = 'north') =>
  manager.publish([{ id: `event-${++published}`, topic: 'orders', type: 'order_update', timestamp: new Date(clock.now()).toISOString(), data: { shop, text: 'x'.repeat(200) } }]);
const events = ({ messages }: Guest) => messages.filter(({ topic }) => topic === 'orders').map(({ offset, prev }) => ({ offset, prev }));
const typed = ({ messages }: Guest, type: string) => messages.filter((message) => message.type === type);

describe('subscribing', () => {
  it('[ENV6] when the snapshot cannot be read, the answer is an error and the old subscription goes on', async () => {
    const ann = guest('ann');
    await ask(ann, 'subscribe', { topic: 'orders' });
    readable = false;
    ann.lane.receive(JSON.stringify({ type: 'subscribe', data: { topic: 'orders', filters: { shop: 'south' } }, id: 'again' }));
    await publish();
    await settle();
    expect(typed(ann, 'error')).toMatchObject([{ replyTo: 'again', data: { code: 'MESSAGE_HANDLER_ERROR' } }]);
    await publish();
    await settle();
    expect(events(ann)).toEqual([{ offset: 1, prev: 0 }, { offset: 2, prev: 1 }]);
  });

  it('[OUT3] one who is cut off in the middle of an event takes it from nobody else', async () => {
    const guests = ['ann', 'ben', 'cho'].map(guest);
    for (const one of guests) await ask(one, 'subscribe', { topic: 'orders' });
    guests[1]!.transport.stopped = true;
    for (let count = 0; count < 10; count++) {
      await publish();
      await settle();
    }
    expect(guests[1]!.codes).toEqual([4508]);
    const all = Array.from({ length: 10 }, (_, at) => ({ offset: at + 1, prev: at }));
    expect([events(guests[0]!), events(guests[2]!)]).toEqual([all, all]);
  });

  it('[POS2] a new filter group knows the last event that would have been its own', async () => {
    await publish('north');
    await publish('south');
    await publish('south');
    const ann = guest('ann');
    await ask(ann, 'subscribe', { topic: 'orders', filters: { shop: 'NORTH' } });
    await publish('south');
    await publish('north');
    await settle();
    expect(typed(ann, 'subscribed')).toMatchObject([{ data: { offset: 3 } }]);
    expect(events(ann)).toEqual([{ offset: 5, prev: 1 }]);
  });

  it('[POS3] a pong stands behind the events queued before it, and names the newest that should have come', async () => {
    const ann = guest('ann');
    await ask(ann, 'subscribe', { topic: 'orders', filters: { shop: 'north' } });
    await publish('north');
    await publish('south');
    await ask(ann, 'ping', {});
    expect(ann.messages.slice(-2)).toMatchObject([{ topic: 'orders', offset: 1 }, { type: 'pong', data: { positions: { orders: { offset: 2, prev: 1 } } } }]);
  });

  it('[SUB5] new filters replace the old ones in one step', async () => {
    const ann = guest('ann');
    await ask(ann, 'subscribe', { topic: 'orders', filters: { shop: 'north' } });
    await ask(ann, 'subscribe', { topic: 'orders', filters: { shop: ['south', 'east'] } });
    for (const shop of ['north', 'south', 'east']) await publish(shop);
    await settle();
    expect(events(ann).map(({ offset }) => offset)).toEqual([2, 3]);
    expect(manager.getStatus().byTopic['orders']).toBe(1);
  });

  it('[SUB4] a snapshot passes the same filters as events', async () => {
    stock = [{ shop: 'North' }, { shop: 'south' }];
    const ann = guest('ann');
    await ask(ann, 'subscribe', { topic: 'orders', filters: { shop: 'NORTH' } });
    expect(typed(ann, 'subscribed')).toMatchObject([{ data: { snapshot: [{ shop: 'North' }] } }]);
  });

  it('[SUB3] a connection that goes on from its positions counts as one reconnect, however many it has', async () => {
    const ann = guest('ann');
    await ask(ann, 'subscribe', { topic: 'orders' });
    const [{ data }] = typed(ann, 'subscribed');
    const since = { epoch: data.epoch, offset: data.offset };
    expect(manager.counters.reconnects).toBe(0);
    const back = guest('ann');
    for (const topic of ['orders', 'inbox', 'orders']) await ask(back, 'subscribe', { topic, since });
    expect(manager.counters.reconnects).toBe(1);
    const here = guest('ben');
    for (const filters of [{ shop: 'north' }, {}]) await ask(here, 'subscribe', { topic: 'orders', filters, ...(filters.shop === undefined && { since, snapshot: true }) });
    expect(typed(here, 'subscribed').at(-1)).toMatchObject({ data: { recovered: true, snapshot: [] } });
    expect(manager.counters.reconnects).toBe(1);
  });

  it('[SUB1] [ORD2] who comes from a node that was ahead gets the position that this one has reached by then', async () => {
    const { broker } = manager.handlers;
    for (let count = 0; count < 2; count++) await publish();
    // As on a node that is told of an event only while the history is read.
    let told = 1;
    const head = broker.position('orders');
    const [position, since] = [broker.position.bind(broker), broker.since.bind(broker)];
    vi.spyOn(broker, 'position').mockImplementation((topic) => (topic === 'orders' ? { ...head, offset: told } : position(topic)));
    vi.spyOn(broker, 'since').mockImplementation((topic, after) => {
      told = 2;
      return since(topic, after);
    });
    const ann = guest('ann');
    await ask(ann, 'subscribe', { topic: 'orders', since: { epoch: head.epoch, offset: 2 }, snapshot: true });
    expect(typed(ann, 'subscribed')).toMatchObject([{ data: { offset: 2, recovered: true, snapshot: [] } }]);
    expect(events(ann)).toEqual([]);
  });

  it('[SUB3] a position of another epoch is answered with a snapshot, never with "caught up"', async () => {
    const ann = guest('ann');
    await ask(ann, 'subscribe', { topic: 'orders' });
    await ask(ann, 'subscribe', { topic: 'orders', since: { epoch: 'of another life', offset: 7 } });
    expect(typed(ann, 'subscribed').at(-1)).toMatchObject({ data: { recovered: false, snapshot: [] } });
  });
});
