import { afterEach, expect, it } from 'vitest';
import type { Broker, NewEvent } from '../src/broker.ts';
import { systemClock } from '../src/clock.ts';
import { RecordingListener } from './recording-listener.ts';

/** Longer than any test: age is looked at elsewhere. */
const HISTORY_SIZE = 50;

export interface ContractBroker {
  readonly broker: Broker;
  readonly listener: RecordingListener;
}

const event = (id: string, topic = 'orders'): NewEvent => ({ id, topic, type: 'order_update', timestamp: new Date(systemClock.now()).toISOString(), data: { id } });
const events = (count: number, name: string, topic = 'orders'): NewEvent[] => Array.from({ length: count }, (_, at) => event(`${name}-${at}`, topic));

/** What `Broker` promises, for every kind of broker. `open` gives one that has started, with a history of 50 events and a listener of its own. */
export function brokerContract(open: (historySize: number) => Promise<ContractBroker>): void {
  const opened: Broker[] = [];
  const start = async (): Promise<ContractBroker> => {
    const one = await open(HISTORY_SIZE);
    opened.push(one.broker);
    return one;
  };
  afterEach(async () => {
    for (const broker of opened.splice(0)) await broker.close();
  });

  it('[POS1] gives each topic offsets that rise by one, in the order published', async () => {
    const { broker, listener } = await start();
    const before = broker.position('orders').offset;
    const positions = await broker.publish([event('a'), event('x', 'prices'), event('b'), event('c')]);
    expect(positions.map(({ topic, offset }) => [topic, offset])).toEqual([['orders', before + 1], ['prices', 1], ['orders', before + 2], ['orders', before + 3]]);
    expect(listener.events.filter(({ topic }) => topic === 'orders').map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('has told its own listener before `publish` resolves, and stands where it told', async () => {
    const { broker, listener } = await start();
    const [position] = await broker.publish([event('a')]);
    expect(listener.events.map(({ id }) => id)).toEqual(['a']);
    expect(broker.position('orders')).toEqual(position);
  });

  it('hands over the event as it was published', async () => {
    const { broker, listener } = await start();
    const full: NewEvent = { ...event('a', 'inbox'), data: { text: 'ü 🙂', list: [1, null, { deep: true }] }, target: { userId: 'ann' }, excludeClientId: 'client_1', meta: { changed: ['x'] } };
    await broker.publish([full]);
    expect(listener.events[0]).toMatchObject(full);
  });

  it('[ORD2] answers a repeated id with its first position, and tells it once', async () => {
    const { broker, listener } = await start();
    const [first] = await broker.publish([event('a')]);
    await broker.publish([event('b')]);
    expect(await broker.publish([event('a'), event('c')])).toEqual([first, { ...first!, offset: first!.offset + 2 }]);
    expect(listener.events.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('[ORD1] fault: a pool of workers reorders: publications that overlap keep their order', async () => {
    const { broker, listener } = await start();
    const all = await Promise.all(events(20, 'e').map((one) => broker.publish([one])));
    const byOffset = all.map(([position], at) => [position!.offset, `e-${at}`] as const).toSorted((a, b) => a[0] - b[0]);
    expect(listener.events.map(({ id }) => id)).toEqual(byOffset.map(([, id]) => id));
  });

  it('[SUB3] gives everything after a position, oldest first, up to the head', async () => {
    const { broker } = await start();
    const [first] = await broker.publish(events(5, 'e'));
    const history = await broker.since('orders', first!);
    expect(history).toMatchObject({ kind: 'events', head: broker.position('orders') });
    expect(history.kind === 'events' && history.events.map(({ id, offset }) => [id, offset])).toEqual(['e-1', 'e-2', 'e-3', 'e-4'].map((id, at) => [id, first!.offset + 1 + at]));
    expect(await broker.since('orders', broker.position('orders'))).toEqual({ kind: 'events', events: [], head: broker.position('orders') });
  });

  it('[SUB3] answers `lost` for another epoch, for a position never given and for what was let go', async () => {
    const { broker } = await start();
    await broker.publish(events(HISTORY_SIZE * 10, 'e'));
    const { epoch, offset } = broker.position('orders');
    const kinds = async (...positions: { epoch: string; offset: number }[]) => Promise.all(positions.map(async (position) => (await broker.since('orders', position)).kind));
    expect(await kinds({ epoch: 'another', offset }, { epoch, offset: offset + 1 }, { epoch, offset: 1 })).toEqual(['lost', 'lost', 'lost']);
    expect(await kinds({ epoch, offset: offset - HISTORY_SIZE / 2 })).toEqual(['events']);
  });

  it('gives the newest events, newest last, as many as asked', async () => {
    const { broker } = await start();
    await broker.publish(events(10, 'e'));
    expect((await broker.recent('orders', 3)).map(({ id }) => id)).toEqual(['e-7', 'e-8', 'e-9']);
    expect(await broker.recent('orders', 3, Date.parse('2999-01-01T00:00:00.000Z'))).toEqual([]);
    expect(await broker.recent('nothing', 3)).toEqual([]);
  });

  it('forgets a history through the newest of some events, and goes on with its positions', async () => {
    const { broker, listener } = await start();
    const all = await broker.publish(events(6, 'e'));
    const recent = async () => (await broker.recent('orders', 50)).map(({ id }) => id).filter((id) => id.startsWith('e-'));
    await broker.forget('orders', ['nobody-knows-this']);
    await broker.forget('prices', ['e-3']);
    expect(await recent()).toEqual(['e-0', 'e-1', 'e-2', 'e-3', 'e-4', 'e-5']);
    await broker.forget('orders', ['e-1', 'e-3', 'nobody-knows-this']);
    expect(await recent()).toEqual(['e-4', 'e-5']);
    expect((await broker.since('orders', all[2]!)).kind).toBe('lost');
    expect(await broker.since('orders', all[3]!)).toMatchObject({ kind: 'events', events: [{ id: 'e-4' }, { id: 'e-5' }] });
    expect(await broker.publish([event('e-3'), event('f')])).toEqual([all[3], { ...all[5]!, offset: all[5]!.offset + 1 }]);
    expect(listener.events.filter(({ id }) => id === 'e-3')).toHaveLength(1);
    await broker.forget('orders', ['f']);
    expect(await broker.since('orders', broker.position('orders'))).toMatchObject({ kind: 'events', events: [] });
  });

  it('carries signals to its own listener too', async () => {
    const { broker, listener } = await start();
    await broker.signal({ kind: 'revoke', sessionId: 's1' });
    await listener.until(({ signals }) => signals.length > 0);
    expect(listener.signals).toEqual([{ kind: 'revoke', sessionId: 's1' }]);
  });

  it('can be closed twice', async () => {
    const { broker } = await start();
    await broker.close();
    await broker.close();
  });
}
