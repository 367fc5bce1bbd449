import { afterAll, beforeAll } from 'vitest';
import { RedisBroker } from '../src/broker-redis.ts';
import { systemClock } from '../src/clock.ts';
import { brokerContract } from './broker.contract.ts';
import { RecordingListener } from './recording-listener.ts';
import { describeWithRedis, RedisServer } from './redis-server.ts';

describeWithRedis('RedisBroker keeps the contract', () => {
  const redis = new RedisServer();
  let installations = 0;
  beforeAll(() => redis.start());
  afterAll(() => redis.stop());

  brokerContract(async (size) => {
    const broker = new RedisBroker({ url: redis.url, clock: systemClock, prefix: `contract${++installations}:`, history: { size, ttlMs: 3_600_000 } });
    const listener = new RecordingListener();
    await broker.start(listener);
    return { broker, listener };
  });
});
