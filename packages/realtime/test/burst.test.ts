import { describe, expect, it } from 'vitest';
import { EngineTrial, type Guest } from './engine-trial.ts';

const trial = (): EngineTrial => new EngineTrial();
let published = 0;

/** Published, and not yet written: the turn ends with `settle`. */
function publish({ manager, clock }: EngineTrial, text = '', excludeClientId?: string): void {
  void manager.publish([{ id: `event-${++published}`, topic: 'orders', type: 'order_update', timestamp: new Date(clock.now()).toISOString(), data: { shop: 'north', text }, ...(excludeClientId && { excludeClientId }) }]);
}

/** Lets what was asked be done, without ending the turn. */
const meanwhile = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

async function subscribed(engine: EngineTrial, userId: string): Promise<Guest> {
  const guest = await engine.enter({ userId });
  guest.say({ type: 'subscribe', data: { topic: 'orders', snapshot: false } });
  await engine.settle();
  return guest;
}

const chain = ({ messages }: Guest) => messages.flatMap(({ topic, prev, offset }) => (topic === 'orders' ? [[prev, offset]] : []));
const clientId = (guest: Guest): string => guest.of('welcome')[0].data.clientId;

describe('events of one turn', () => {
  it('[OUT4] reach every member in order, each in one write', async () => {
    const engine = trial();
    const guests = [await subscribed(engine, 'ann'), await subscribed(engine, 'ben')];
    for (let count = 0; count < 3; count++) publish(engine);
    await engine.settle();
    for (const guest of guests) expect(chain(guest)).toEqual([[0, 1], [1, 2], [2, 3]]);
  });

  it('[SUB2] one who joins in the middle of a turn gets what follows, and those before get all', async () => {
    const engine = trial();
    const ann = await subscribed(engine, 'ann');
    const ben = await engine.enter({ userId: 'ben' });
    publish(engine);
    ben.say({ type: 'subscribe', data: { topic: 'orders', snapshot: false } });
    await meanwhile();
    publish(engine);
    await engine.settle();
    expect(ben.of('subscribed')[0].data.offset).toBe(1);
    expect([chain(ann), chain(ben)]).toEqual([[[0, 1], [1, 2]], [[1, 2]]]);
  });

  it('[SUB5] one who asks anew in the middle of a turn gets each event once', async () => {
    const engine = trial();
    const [ann, ben] = [await subscribed(engine, 'ann'), await subscribed(engine, 'ben')];
    publish(engine);
    ben.say({ type: 'subscribe', data: { topic: 'orders', filters: { shop: 'north' }, snapshot: false } });
    await meanwhile();
    publish(engine);
    await engine.settle();
    publish(engine);
    await engine.settle();
    expect([chain(ann), chain(ben)]).toEqual([[[0, 1], [1, 2], [2, 3]], [[0, 1], [1, 2], [2, 3]]]);
  });

  it('[SUB5] one who leaves in the middle of a turn gets nothing after the answer', async () => {
    const engine = trial();
    const [ann, ben] = [await subscribed(engine, 'ann'), await subscribed(engine, 'ben')];
    publish(engine);
    ben.say({ type: 'unsubscribe', data: { topic: 'orders' } });
    await meanwhile();
    publish(engine);
    await engine.settle();
    expect([chain(ann), chain(ben)]).toEqual([[[0, 1], [1, 2]], [[0, 1]]]);
  });

  it('[DIR2] a tab that opens in the middle of a turn gets what is sent to its user from then on', async () => {
    const engine = trial();
    const first = await engine.enter();
    const send = () => void engine.manager.sendToUser('ann', { type: 'order_ready', data: {} });
    send();
    const second = engine.enterAtOnce();
    send();
    await engine.settle();
    const offsets = (guest: Guest) => guest.of('order_ready').map(({ offset }) => offset);
    expect([offsets(first), offsets(second)]).toEqual([[1, 2], [2]]);
  });

  it('[POS3] a pong says no more than what stands before it', async () => {
    const engine = trial();
    const ann = await subscribed(engine, 'ann');
    publish(engine);
    ann.say({ type: 'ping', data: {} });
    await meanwhile();
    publish(engine);
    await engine.settle();
    expect(ann.messages.findIndex(({ offset }) => offset === 1)).toBeLessThan(ann.messages.findIndex(({ type }) => type === 'pong'));
    expect(ann.of('pong')).toMatchObject([{ data: { positions: { orders: { offset: 1, prev: 1 } } } }]);
    expect(chain(ann)).toEqual([[0, 1], [1, 2]]);
  });

  it('[DIR1] one who is left out of an event in the middle of a turn has the others, and learns the position', async () => {
    const engine = trial();
    const [ann, ben] = [await subscribed(engine, 'ann'), await subscribed(engine, 'ben')];
    publish(engine);
    publish(engine, '', clientId(ben));
    publish(engine);
    await engine.settle();
    expect(chain(ann)).toEqual([[0, 1], [1, 2], [2, 3]]);
    expect(chain(ben)).toEqual([[0, 1], [2, 3]]);
    expect(ben.of('position')).toMatchObject([{ data: { topic: 'orders', offset: 2 } }]);
    expect(ben.messages.findIndex(({ type }) => type === 'position')).toBeLessThan(ben.messages.findIndex(({ offset }) => offset === 3));
  });

  it('[OUT2] more than a slow reader may hold is announced to it and to nobody else', async () => {
    const engine = trial();
    const [ann, ben] = [await subscribed(engine, 'ann'), await subscribed(engine, 'ben')];
    ben.transport.stopped = true;
    const big = 'x'.repeat(100_000);
    for (let count = 0; count < 15; count++) publish(engine, big);
    await engine.settle();
    ben.transport.go();
    await engine.settle();
    expect(chain(ann)).toHaveLength(15);
    const [gap] = ben.of('gap');
    expect(gap.data).toMatchObject({ topic: 'orders', to: 15, reason: 'SLOW' });
    expect(chain(ben)).toEqual(Array.from({ length: gap.data.from - 1 }, (_, at) => [at, at + 1]));
  });

  it('[OUT1] a turn of many events leaves a reader that keeps up without a gap', async () => {
    const engine = trial();
    const ann = await subscribed(engine, 'ann');
    const text = 'x'.repeat(1000);
    for (let count = 0; count < 5000; count++) publish(engine, text);
    await engine.settle();
    expect(chain(ann)).toEqual(Array.from({ length: 5000 }, (_, at) => [at, at + 1]));
    expect(ann.of('gap')).toEqual([]);
  });
});
