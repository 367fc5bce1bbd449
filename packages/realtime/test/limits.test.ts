import { expect, it } from 'vitest';
import { EngineTrial, type Guest } from './engine-trial.ts';

const ping = { type: 'ping', data: {} };
const counts = (guest: Guest) => ({ pong: guest.of('pong').length, limited: guest.of('error').filter(({ data }) => data.code === 'RATE_LIMIT').length });

it('[RATE1] a connection may send 40 at once and then 20 a second; what is refused says when to try again', async () => {
  const trial = new EngineTrial();
  const guest = await trial.enter();
  for (let sent = 0; sent < 45; sent++) guest.say(ping);
  await trial.settle();
  expect(counts(guest)).toEqual({ pong: 40, limited: 5 });
  expect(guest.of('error')[0].data.details).toEqual({ retryAfterMs: 50 });
  await trial.later(1000);
  for (let sent = 0; sent < 25; sent++) guest.say(ping);
  await trial.settle();
  expect(counts(guest)).toEqual({ pong: 60, limited: 10 });
});

it('[RATE1] the connections of a user share 60 a second', async () => {
  const trial = new EngineTrial();
  const guests: Guest[] = [];
  for (let tab = 0; tab < 4; tab++) guests.push(await trial.enter());
  for (const guest of guests) for (let sent = 0; sent < 40; sent++) guest.say(ping);
  await trial.settle();
  const answered = (): number => guests.reduce((sum, guest) => sum + counts(guest).pong, 0);
  expect(answered()).toBe(60);
  await trial.later(1000);
  for (const guest of guests) for (let sent = 0; sent < 20; sent++) guest.say(ping);
  await trial.settle();
  expect(answered()).toBe(120);
});

it('[RATE1] a batch costs one for ten messages', async () => {
  const trial = new EngineTrial();
  const guest = await trial.enter();
  for (let sent = 0; sent < 5; sent++) guest.say({ type: 'batch', data: { messages: Array.from({ length: 100 }, () => ping) } });
  await trial.settle();
  expect(counts(guest)).toEqual({ pong: 400, limited: 1 });
});

it('[RATE1] ten subscriptions a second', async () => {
  const trial = new EngineTrial();
  const guest = await trial.enter();
  for (let sent = 0; sent < 12; sent++) guest.say({ type: 'subscribe', data: { topic: 'orders' } });
  await trial.settle();
  expect([guest.of('subscribed').length, counts(guest).limited]).toEqual([10, 2]);
});

it('[RATE1] two hundred refusals in ten seconds close with 4429', async () => {
  const trial = new EngineTrial();
  const guest = await trial.enter();
  for (let sent = 0; sent < 239; sent++) guest.say(ping);
  await trial.settle();
  expect(guest.codes).toEqual([]);
  guest.say(ping);
  await trial.settle();
  expect(guest.codes).toEqual([4429]);
});

it('[ENV4] twenty invalid messages in ten seconds close with 1008, spread out they do not', async () => {
  const trial = new EngineTrial();
  const [hasty, slow] = [await trial.enter({ userId: 'hasty' }), await trial.enter({ userId: 'slow' })];
  for (let sent = 0; sent < 20; sent++) {
    slow.say('nonsense');
    await trial.later(600);
  }
  for (let sent = 0; sent < 20; sent++) hasty.say('nonsense');
  await trial.settle();
  expect([hasty.codes, hasty.of('error').length, slow.codes]).toEqual([[1008], 20, []]);
});

it('without limits nothing is refused', async () => {
  const trial = new EngineTrial({ config: { auth: { rateLimitEnabled: false } } });
  const guest = await trial.enter();
  for (let sent = 0; sent < 300; sent++) guest.say(ping);
  await trial.settle();
  expect(counts(guest)).toEqual({ pong: 300, limited: 0 });
});
