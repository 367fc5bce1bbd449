import { describe, expect, it } from 'vitest';
import { EngineTrial, type Guest } from './engine-trial.ts';

const MINUTE_MS = 60_000;
/** A client whose network answers pings. */
const alive = async (trial: EngineTrial, guest: Guest, ms: number): Promise<void> => {
  for (let passed = 0; passed < ms; passed += 1000) {
    await trial.later(1000);
    guest.say({ type: 'ping', data: {} });
    trial.manager.clients.updateClientActivity(guest.messages[0].data.clientId);
    await trial.settle();
  }
};

describe('a silent connection', () => {
  it('[LIVE1] is asked after one interval and closed with 4408 after two', async () => {
    const trial = new EngineTrial();
    const guest = await trial.enter();
    await trial.later(31_000);
    expect([guest.transport.pings, guest.codes]).toEqual([1, []]);
    await trial.later(30_000);
    expect(guest.codes).toEqual([4408]);
  });

  it('[LIVE1] lives on while frames come, whatever they are', async () => {
    const trial = new EngineTrial();
    const guest = await trial.enter();
    await alive(trial, guest, 2 * MINUTE_MS);
    expect(guest.codes).toEqual([]);
  });
});

describe('a token on a live connection', () => {
  const renewing = (userId: string, role: string, lifeMs: number) => (trial: EngineTrial) => ({ kind: 'ok', identity: { userId, username: userId, role, sessionId: userId, expiresAt: trial.clock.now() + lifeMs } }) as const;

  it('is announced a minute before it ends, and [AUTH1] ends the connection 25 s after', async () => {
    const trial = new EngineTrial();
    const guest = await trial.enter({ expiresAt: trial.clock.now() + 10 * MINUTE_MS });
    await alive(trial, guest, 9 * MINUTE_MS - 2000);
    expect(guest.of('token_expiring')).toEqual([]);
    await alive(trial, guest, 3000);
    expect(guest.of('token_expiring')).toMatchObject([{ data: { expiresAt: '2030-01-15T12:10:00.000Z' } }]);
    await alive(trial, guest, MINUTE_MS + 23_000);
    expect(guest.codes).toEqual([]);
    await alive(trial, guest, 3000);
    expect(guest.codes).toEqual([4401]);
    expect(guest.of('token_expiring')).toHaveLength(1);
  });

  it('is announced at half of a short life', async () => {
    const trial = new EngineTrial();
    const guest = await trial.enter({ expiresAt: trial.clock.now() + 40_000 });
    await alive(trial, guest, 19_000);
    expect(guest.of('token_expiring')).toEqual([]);
    await alive(trial, guest, 2000);
    expect(guest.of('token_expiring')).toHaveLength(1);
  });

  it('[AUTH1] is renewed in place', async () => {
    const trial: EngineTrial = new EngineTrial({ authenticate: () => renewing('ann', 'STAFF', 10 * MINUTE_MS)(trial) });
    const guest = await trial.enter({ expiresAt: trial.clock.now() + MINUTE_MS });
    await alive(trial, guest, 50_000);
    guest.say({ type: 'authenticate', data: { token: 'new' }, id: 'a1' });
    await trial.settle();
    expect(guest.of('authenticated')).toMatchObject([{ replyTo: 'a1', data: { expiresAt: '2030-01-15T12:10:50.000Z', role: 'STAFF' } }]);
    await alive(trial, guest, 2 * MINUTE_MS);
    expect(guest.codes).toEqual([]);
  });

  it('[AUTH2] of another user closes with 4401', async () => {
    const trial: EngineTrial = new EngineTrial({ authenticate: () => renewing('ben', 'STAFF', MINUTE_MS)(trial) });
    const guest = await trial.enter();
    guest.say({ type: 'authenticate', data: { token: 'of ben' } });
    await trial.settle();
    expect(guest.codes).toEqual([4401]);
  });

  it('that is not accepted changes nothing', async () => {
    const trial = new EngineTrial();
    const guest = await trial.enter();
    guest.say({ type: 'authenticate', data: { token: 'forged' } });
    await trial.settle();
    expect([guest.of('error')[0].data.code, guest.codes]).toEqual(['UNAUTHORIZED', []]);
  });

  it('[AUTH3] with another role judges every subscription at once', async () => {
    const trial: EngineTrial = new EngineTrial({ authenticate: () => renewing('ann', 'GUEST', 10 * MINUTE_MS)(trial) });
    const guest = await trial.enter();
    guest.say({ type: 'subscribe', data: { topic: 'orders' } });
    guest.say({ type: 'authenticate', data: { token: 'of a guest' } });
    await trial.settle();
    await trial.manager.broadcastToSubscription('orders', { type: 'order_update', data: {} });
    await trial.settle();
    expect(guest.messages.slice(1).map(({ type, data }) => [type, data.reason ?? data.role])).toEqual([['subscribed', undefined], ['unsubscribed', 'FORBIDDEN'], ['authenticated', 'GUEST']]);
  });

  it('[AUTH3] a role that is changed elsewhere is told to the client, which has to begin anew with it', async () => {
    const trial = new EngineTrial();
    const guest = await trial.enter();
    guest.say({ type: 'subscribe', data: { topic: 'orders' } });
    await trial.settle();
    trial.manager.roleChanged('ann', 'KEEPER');
    await trial.settle();
    expect(guest.messages.slice(2)).toMatchObject([{ type: 'authenticated', data: { role: 'KEEPER', expiresAt: null } }]);
  });
});

it('[OUT3] a client that takes nothing for 15 s is closed with 4508, one that takes a little is not', async () => {
  const trial = new EngineTrial();
  const [stuck, slow] = [await trial.enter({ userId: 'stuck' }), await trial.enter({ userId: 'slow' })];
  for (const guest of [stuck, slow]) {
    guest.say({ type: 'subscribe', data: { topic: 'orders' } });
    await trial.settle();
    guest.transport.stopped = true;
  }
  for (let second = 0; second < 20; second++) {
    await trial.manager.broadcastToSubscription('orders', { type: 'order_update', data: {} });
    await trial.later(1000);
    if (second % 10 === 9) {
      slow.transport.go();
      slow.transport.stopped = true;
    }
  }
  expect([stuck.codes, slow.codes]).toEqual([[4508], []]);
});

it('[DRAIN1] fault: a shutdown closes with 1000 and clients never come back: tells them when to, closes with 1012, and refuses newcomers', async () => {
  const trial = new EngineTrial();
  const guests = [await trial.enter({ userId: 'ann' }), await trial.enter({ userId: 'ben' })];
  const done = trial.manager.shutdown();
  await trial.later(10_000);
  await done;
  for (const guest of guests) {
    expect(guest.of('reconnect')).toMatchObject([{ data: { reason: expect.any(String), delayMs: expect.any(Number) } }]);
    expect(guest.codes).toEqual([1012]);
  }
  expect(trial.manager.state).toBe('draining');
  expect(trial.clock.pending).toBe(0);
});

it('[SUB1] a client that goes while its message is being judged leaves no subscription behind', async () => {
  const trial = new EngineTrial();
  const guest = await trial.enter();
  guest.say({ type: 'subscribe', data: { topic: 'orders' } });
  trial.manager.clients.ofUser('ann')[0]!.ended(1006, '');
  await trial.settle();
  expect(trial.manager.getStatus().byTopic).toEqual({});
});
