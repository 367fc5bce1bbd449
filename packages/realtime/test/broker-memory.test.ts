import { describe, expect, it } from 'vitest';
import type { NewEvent } from '../src/broker.ts';
import { MemoryBroker } from '../src/broker-memory.ts';
import { systemClock } from '../src/clock.ts';
import { ManualClock } from '../src/manual-clock.ts';
import { brokerContract } from './broker.contract.ts';
import { RecordingListener } from './recording-listener.ts';

describe('MemoryBroker keeps the contract', () => {
  brokerContract(async (size) => {
    const broker = new MemoryBroker({ clock: systemClock, history: { size, ttlMs: 3_600_000 } });
    const listener = new RecordingListener();
    await broker.start(listener);
    return { broker, listener };
  });
});

const HOUR_MS = 3_600_000;

describe('MemoryBroker', () => {
  const clock = new ManualClock(Date.UTC(2030, 0, 15, 12));
  const event = (id: string): NewEvent => ({ id, topic: 'orders', type: 'order_update', timestamp: new Date(clock.now()).toISOString(), data: null });

  it('[SUB6] lets events go when they are too old, and says so', async () => {
    const broker = new MemoryBroker({ clock, history: { size: 100, ttlMs: HOUR_MS } });
    const [old] = await broker.publish([event('old')]);
    clock.advance(HOUR_MS / 2);
    await broker.publish([event('newer')]);
    clock.advance(HOUR_MS / 2 + 1);
    expect((await broker.since('orders', { ...old!, offset: 0 })).kind).toBe('lost');
    expect(await broker.since('orders', old!)).toMatchObject({ kind: 'events', events: [{ id: 'newer' }] });
    expect((await broker.recent('orders', 10)).map(({ id }) => id)).toEqual(['newer']);
  });

  it('[SUB6] a seed and the retained events give a restarted node its old positions', async () => {
    const first = new MemoryBroker({ clock, seed: { orders: { epoch: 'e1', offset: 40 } } });
    await first.publish([event('a'), event('b')]);
    const restarted = new MemoryBroker({ clock, seed: { orders: { epoch: 'e1', offset: 40 } } });
    await restarted.publish([event('a'), event('b')]);
    expect(restarted.position('orders')).toEqual({ topic: 'orders', epoch: 'e1', offset: 42 });
    expect(await restarted.since('orders', { epoch: 'e1', offset: 41 })).toMatchObject({ kind: 'events', events: [{ id: 'b', offset: 42 }] });
    expect((await restarted.since('orders', { epoch: 'e1', offset: 39 })).kind).toBe('lost');
  });

  it('[POS1] without a seed every start is another epoch', () => {
    const epochs = [1, 2, 3].map(() => new MemoryBroker({ clock }).position('orders').epoch);
    expect(new Set(epochs).size).toBe(3);
  });
});
