import { MemoryBroker, type Broker } from '@clms/realtime';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { OutboxBroker } from '../src/realtime/outbox-broker.ts';
import { Relay } from '../src/realtime/relay.ts';
import { outboxOf } from '../src/store/outbox.ts';
import { openDesk, type Desk } from './desk.ts';

let desk: Desk;
beforeEach(async () => void (desk = await openDesk()));
afterEach(() => desk.close());

function wrap(inner: Broker): OutboxBroker {
  const relay = new Relay(outboxOf(desk.runner.store.db), inner, { error: (details) => expect(details).toBeUndefined() });
  return new OutboxBroker(desk.runner.store, inner, relay, new Set());
}

it('[UP5] [RATE1] shares the limits of a user when the broker behind it does', () => {
  const alone = new MemoryBroker({ clock: desk.clock });
  expect(wrap(alone).limits).toBeUndefined();
  const limits: NonNullable<Broker['limits']> = { takeTokens: async () => 0, claimPlaces: async () => false, tellPlaces: async () => undefined, beat: async () => true };
  const several: Broker = Object.assign(new MemoryBroker({ clock: desk.clock }), { limits });
  expect(wrap(several).limits).toBe(limits);
});
