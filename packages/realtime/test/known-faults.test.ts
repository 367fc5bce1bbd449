import { describe, expect, it } from 'vitest';
import { EngineTrial, type Guest } from './engine-trial.ts';

// One test for each kind of fault that others reported and that no test beside shows; docs/known-faults.md names the reports.

const MINUTE_MS = 60_000;
const update = (trial: EngineTrial, data: unknown): Promise<unknown> => trial.manager.broadcastToSubscription('orders', { type: 'order_update', data });
const follow = async (trial: EngineTrial, guest: Guest, since?: { epoch: string; offset: number }): Promise<any> => {
  guest.say({ type: 'subscribe', data: { topic: 'orders', ...(since && { since }) } });
  await trial.settle();
  return guest.of('subscribed').at(-1).data;
};
const offsets = (guest: Guest): number[] => guest.of('order_update').map(({ offset }) => offset);

describe('a restart', () => {
  it.each([[20, 500], [600, 1200]])('[DRAIN1] fault: after a deploy all clients return in the same instant: of %i, each is given a moment of its own within %i ms', async (count, windowMs) => {
    const trial = new EngineTrial();
    const guests: Guest[] = [];
    for (let n = 0; n < count; n++) guests.push(await trial.enter({ userId: `user-${n}` }));
    const done = trial.manager.shutdown();
    await trial.later(15_000);
    await done;
    const delays = guests.map((guest) => guest.of('reconnect')[0].data.delayMs as number);
    expect(Math.max(...delays)).toBeLessThanOrEqual(windowMs);
    expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(windowMs / 2);
    expect(new Set(delays).size).toBeGreaterThan(count / 4);
  });
});

describe('a slow reader', () => {
  it('[LIVE1] fault: the pong is dropped under backpressure and a healthy client is declared dead: pings pass the full queue, and answers wait in it', async () => {
    const trial = new EngineTrial({ config: { queueBytes: 2000, stuckAfterMs: 10 * MINUTE_MS } });
    const guest = await trial.enter();
    await follow(trial, guest);
    guest.transport.stopped = true;
    for (let n = 0; n < 100; n++) await update(trial, { n, text: 'x'.repeat(100) });
    await trial.settle();
    expect(trial.manager.counters.droppedMessages).toBeGreaterThan(50);
    guest.say({ type: 'ping', data: {}, id: 'p' });
    for (let beats = 0; beats < 4; beats++) {
      await trial.later(31_000);
      // The network of this client answers, though the client itself reads nothing.
      trial.manager.clients.updateClientActivity(guest.messages[0].data.clientId);
    }
    expect(guest.transport.pings).toBeGreaterThanOrEqual(4);
    expect(guest.codes).toEqual([]);
    guest.transport.go();
    await trial.settle();
    expect(guest.of('pong')).toMatchObject([{ replyTo: 'p' }]);
  });

  it('[OUT1] [OUT3] fault: one that answers pings but reads nothing fills memory: what waits for it is bounded, and so is its patience', async () => {
    const BUDGET = 10_000;
    const trial = new EngineTrial({ config: { queueBytes: BUDGET } });
    const guest = await trial.enter();
    await follow(trial, guest);
    guest.transport.stopped = true;
    const [connection] = [...trial.manager.clients.all()];
    let most = 0;
    for (let n = 0; n < 500; n++) {
      await update(trial, { n, text: 'x'.repeat(1000) });
      await trial.settle();
      most = Math.max(most, connection!.queued.bytes);
    }
    expect(most).toBeGreaterThan(BUDGET / 2);
    expect(most).toBeLessThanOrEqual(BUDGET);
    for (let beats = 0; beats < 20; beats++) {
      await trial.later(1000);
      trial.manager.clients.updateClientActivity(connection!.clientId);
    }
    expect(guest.codes).toEqual([4508]);
  });
});

describe('a token', () => {
  it('[AUTH1] fault: its end forces a reconnect and events fall into the gap: it is renewed in place, and the events go on', async () => {
    const trial: EngineTrial = new EngineTrial({
      authenticate: () => ({ kind: 'ok', identity: { userId: 'ann', username: 'ann', role: 'STAFF', sessionId: 'ann', expiresAt: trial.clock.now() + 10 * MINUTE_MS } }),
    });
    const guest = await trial.enter({ expiresAt: trial.clock.now() + 20_000 });
    await follow(trial, guest);
    await update(trial, 'before');
    await trial.later(19_000);
    guest.say({ type: 'authenticate', data: { token: 'new' } });
    await update(trial, 'meanwhile');
    await trial.later(30_000);
    await update(trial, 'after');
    await trial.settle();
    expect(guest.of('order_update').map(({ data, offset, prev }) => [data, offset, prev])).toEqual([['before', 1, 0], ['meanwhile', 2, 1], ['after', 3, 2]]);
    expect([guest.of('authenticated').length, guest.codes]).toEqual([1, []]);
  });
});

describe('a position', () => {
  it('[SUB1] [SUB3] fault: there is no recovery before the first event: it is one from the subscription on', async () => {
    const trial = new EngineTrial();
    const { epoch, offset } = await follow(trial, await trial.enter());
    await update(trial, 'missed');
    const back = await trial.enter();
    expect(await follow(trial, back, { epoch, offset })).toMatchObject({ recovered: true });
    expect(offsets(back)).toEqual([offset + 1]);
  });

  it('[SUB2] [SUB3] fault: recovered events replay again at the next return: the position has moved with them', async () => {
    const trial = new EngineTrial();
    const { epoch, offset } = await follow(trial, await trial.enter());
    await update(trial, 'missed');
    const back = await trial.enter();
    await follow(trial, back, { epoch, offset });
    const [{ data: position }] = back.of('position');
    const again = await trial.enter();
    expect(await follow(trial, again, { epoch, offset: position.offset })).toMatchObject({ recovered: true });
    expect(offsets(again)).toEqual([]);
  });

  it.each([['ahead of all events', 0, 99], ['of another history', 1, 0]])('[SUB3] fault: an unknown one is reported as caught up: one %s is answered by a snapshot', async (_, other, ahead) => {
    const trial = new EngineTrial();
    const { epoch, offset } = await follow(trial, await trial.enter());
    const back = await trial.enter();
    expect(await follow(trial, back, { epoch: other ? 'another' : epoch, offset: offset + ahead })).toMatchObject({ recovered: false, snapshot: [], epoch, offset });
  });
});

it('[ENV4] fault: a pool of workers reorders: while one message is being answered, the next ones of the client wait for it', async () => {
  let finish: () => void = () => undefined;
  const trial = new EngineTrial({ commands: { ack: () => new Promise((resolve) => (finish = () => resolve({ kind: 'reply', type: 'acked', data: {} }))) } });
  const guest = await trial.enter();
  guest.say({ type: 'ack', data: { id: 'n1', state: 'seen' }, id: '1' });
  guest.say({ type: 'ping', data: {}, id: '2' });
  guest.say({ type: 'get_status', data: {}, id: '3' });
  await trial.settle();
  expect(guest.messages.slice(1)).toEqual([]);
  finish();
  await trial.settle();
  expect(guest.messages.slice(1).map(({ replyTo }) => replyTo)).toEqual(['1', '2', '3']);
});
