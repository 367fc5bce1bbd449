import { expect, it } from 'vitest';
import { RedisBroker } from '../../packages/realtime/src/broker-redis.ts';
import { ManualClock } from '../../packages/realtime/src/manual-clock.ts';
import { SimulatedRedis } from './simulated-redis.ts';

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
const ignore = (): void => undefined;

it('[ORD1] a broker whose reads of several topics fail at once comes back with one pair of connections, and leaves none when it is closed', async () => {
  const clock = new ManualClock(Date.UTC(2030, 0, 15, 8));
  const redis = new SimulatedRedis(() => 5);
  const heard: string[] = [];
  const node = (nodeId: string) => new RedisBroker({ url: 'redis://simulated', clock, history: { size: 40, ttlMs: 3_600_000 }, open: redis.opener(nodeId) });
  const [reader, writer] = [node('reader'), node('writer')];
  void reader.start({ onEvents: (events) => void heard.push(...events.map(({ id }) => id)), onEpoch: ignore, onSignal: ignore, onHealth: ignore });
  void writer.start({ onEvents: ignore, onEpoch: ignore, onSignal: ignore, onHealth: ignore });
  const pass = (ms: number): Promise<void> => clock.advanceAsync(ms, turn);
  await pass(100);

  // It misses events of several topics, learns so from the heads of its next session, and is cut off while it reads them.
  redis.deafen('reader');
  const publish = (id: string, topic: string) => writer.publish([{ id, topic, type: 'told', timestamp: new Date(clock.now()).toISOString(), data: {} }]);
  void Promise.all(['chat', 'orders', 'news'].map((topic) => publish(`in ${topic}`, topic)));
  await pass(100);
  expect(heard).toEqual([]);
  while (reader.health().state === 'ok') await pass(1);
  while (reader.health().state !== 'ok') await pass(1);
  redis.setApart('reader', true);
  await pass(2100);
  expect(reader.health().state).toBe('degraded');
  redis.setApart('reader', false);
  await pass(5000);
  expect(heard.toSorted()).toEqual(['in chat', 'in news', 'in orders']);
  expect(redis.connections).toBe(4);
  for (const broker of [reader, writer]) await broker.close();
  expect(redis.connections).toBe(0);
});
