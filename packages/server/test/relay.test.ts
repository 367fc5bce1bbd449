import { MemoryBroker, type BrokerListener, type TopicEvent } from '@clms/realtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outboxPruning } from '../src/jobs/outbox-pruning.ts';
import { OutboxBroker } from '../src/realtime/outbox-broker.ts';
import { readSeeds, Relay } from '../src/realtime/relay.ts';
import { outboxOf } from '../src/store/outbox.ts';
import { openDesk, type Desk } from './desk.ts';

const log = { error: (details: Record<string, unknown>) => expect(details).toBeUndefined() };
const history = { size: 5, ttlMs: 24 * 3_600_000 };
let desk: Desk;
beforeEach(async () => void (desk = await openDesk()));
afterEach(() => desk.close());

/** A node on the desk's database: its broker, its relay, and what its screens were told. */
async function startNode() {
  const broker = new MemoryBroker({ clock: desk.clock, history, seed: await readSeeds(desk.runner.store, ['system', 'inbox']) });
  const relay = new Relay(outboxOf(desk.runner.store.db), broker, log);
  await relay.catchUp();
  const told: TopicEvent[] = [];
  const listener: BrokerListener = { onEvents: (events) => void told.push(...events), onEpoch: () => undefined, onSignal: () => undefined, onHealth: () => undefined };
  await broker.start(listener);
  return { broker, relay, told, outer: new OutboxBroker(desk.runner.store, broker, relay, new Set(['dashboard'])) };
}

const say = (n: number) => desk.run(async (unit) => unit.publish('system', 'system_update', { id: `s${n}`, category: 'STATUS', message: String(n), timestamp: unit.at }));

describe('the relay', () => {
  it('[ORD2] carries what was committed, once, in order', async () => {
    const node = await startNode();
    for (const n of [1, 2, 3]) await say(n);
    await Promise.all([node.relay.catchUp(), node.relay.catchUp()]);
    await node.relay.catchUp();
    expect(node.told.map((event) => [event.offset, (event.data as { message: string }).message])).toEqual([[1, '1'], [2, '2'], [3, '3']]);
  });

  it('[SUB6] gives every retained event the offset it had, after a restart and after pruning', async () => {
    const before = await startNode();
    for (let n = 1; n <= 8; n++) await say(n);
    await before.relay.catchUp();
    const position = before.broker.position('system');
    await desk.run((unit) => outboxPruning(history).run(unit));
    const after = await startNode();
    expect(after.broker.position('system')).toEqual(position);
    expect(after.told).toEqual([]);
    expect(await after.broker.since('system', { epoch: position.epoch, offset: 6 })).toMatchObject({ kind: 'events', events: [{ offset: 7 }, { offset: 8 }] });
    expect(await after.broker.since('system', { epoch: position.epoch, offset: 2 })).toMatchObject({ kind: 'lost' });
    await say(9);
    await after.relay.catchUp();
    expect(after.told.map((event) => event.offset)).toEqual([9]);
  });

  it('[SUB6] prunes when something is beyond its bound, not every hour of an idle year', async () => {
    const { run, runner, clock } = desk;
    const pruning = outboxPruning(history);
    const due = async () => (await pruning.nextDueAt(runner.db, clock.now(), runner.venue)) ?? Infinity;
    await run((unit) => pruning.run(unit));
    expect(await due()).toBe(Infinity);
    await say(1);
    expect((await due()) - clock.now()).toBe(history.ttlMs + 1);
    for (let n = 2; n <= 6; n++) await say(n);
    expect((await due()) - clock.now()).toBe(3_600_000);
  });

  it('[DIR1] [SUB6] keeps direct messages through a restart, and resolves to their position', async () => {
    const before = await startNode();
    const message = { id: 'msg_hello', topic: 'inbox', type: 'staff_alert', timestamp: '2025-10-14T02:30:00.000Z', data: { message: 'hello' }, target: { role: 'LIBRARIAN' } };
    const [first] = await before.outer.publish([message]);
    expect(first).toMatchObject({ topic: 'inbox', offset: 1 });
    expect(await before.outer.publish([message])).toEqual([first]);
    const after = await startNode();
    expect(await after.broker.recent('inbox', 10)).toMatchObject([{ id: 'msg_hello', offset: 1, target: { role: 'LIBRARIAN' } }]);
  });

  it('sends states past the outbox', async () => {
    const node = await startNode();
    await node.outer.publish([{ id: 'msg_d', topic: 'dashboard', type: 'dashboard_update', timestamp: '2025-10-14T02:30:00.000Z', data: {} }]);
    expect(node.told.map((event) => event.topic)).toEqual(['dashboard']);
    expect(await desk.runner.db.selectFrom('outbox').selectAll().execute()).toEqual([]);
  });
});
