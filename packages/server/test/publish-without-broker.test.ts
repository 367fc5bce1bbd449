import { MemoryBroker, type BrokerHealth, type NewEvent, type TopicEvent, type TopicPosition } from '@clms/realtime';
import { expect, it } from 'vitest';
import { realtimeRoutes } from '../src/http/routes/realtime.ts';
import { Relay } from '../src/realtime/relay.ts';
import { outboxOf } from '../src/store/outbox.ts';
import { bearer, openSchoolServer } from './school-server.ts';

/** A broker that can be away, as Redis can. */
class LeavingBroker extends MemoryBroker {
  away = false;

  override health(): BrokerHealth {
    return this.away ? { state: 'degraded', reason: 'Redis does not answer' } : { state: 'ok' };
  }

  override async publish(events: readonly NewEvent[]): Promise<TopicPosition[]> {
    if (this.away) throw new Error('Redis does not answer');
    return super.publish(events);
  }
}

it('[ORD2] [ENV6] while the broker is away publishing is 503, what was taken goes out afterwards, and the same key tells it once', async () => {
  let broker!: LeavingBroker;
  const told: TopicEvent[] = [];
  const server = await openSchoolServer({
    routes: ({ clock, runner }) => {
      broker = new LeavingBroker({ clock });
      void broker.start({ onEvents: (events) => void told.push(...events), onEpoch: () => undefined, onSignal: () => undefined, onHealth: () => undefined });
      const relay = new Relay(outboxOf(runner.store.db), broker, { error: () => undefined });
      return realtimeRoutes({ runner, relay, broker, status: async () => ({}), connections: async () => [], closeConnection: async () => false });
    },
  });
  const token = await server.signIn('ana');
  const publish = () => server.inject({ method: 'POST', url: '/api/realtime/publish', headers: bearer(token), payload: { target: { all: true }, type: 'lunch', data: {}, idempotencyKey: 'one' } });

  broker.away = true;
  const refused = await publish();
  expect([refused.statusCode, refused.json().code, refused.headers['retry-after']]).toEqual([503, 'BROKER_UNAVAILABLE', '5']);
  expect(refused.body).not.toContain('Redis');

  broker.away = false;
  expect((await publish()).json()).toMatchObject({ topic: 'inbox', offset: 1 });
  expect((await publish()).json()).toMatchObject({ topic: 'inbox', offset: 1 });
  expect(told.map(({ type }) => type)).toEqual(['lunch']);
  await server.close();
});
