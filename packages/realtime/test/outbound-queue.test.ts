import { expect, it } from 'vitest';
import { Burst, MOST_BURST_BYTES } from '../src/burst.ts';
import { EventText } from '../src/event-text.ts';
import { Frame } from '../src/frame.ts';
import { OutboundQueue, type EventItem } from '../src/outbound-queue.ts';
import type { Group } from '../src/subscription-index.ts';

const BUDGET = 1000;
const CEILING = 3000;
const queueOf = (): OutboundQueue => new OutboundQueue(BUDGET, CEILING);

/** An event of about 300 bytes. */
function event(offset: number, delivery: EventItem['delivery'], entity = `e${offset}`, topic = 'orders'): EventItem {
  const data = { entity, filler: 'x'.repeat(150) };
  const text = new EventText({ id: `event-${offset}`, topic, type: 'order_update', timestamp: '2030-01-15T12:00:00.000Z', data, epoch: 'e', offset }, data);
  return { kind: 'event', topic, offset, prev: offset - 1, text, size: text.size, delivery, entity };
}

const shown = (queue: OutboundQueue) => queue.takeFrames().frames.map(({ payload }) => JSON.parse(payload.toString())).map(({ offset, prev }) => [offset, prev]);

it('[OUT1] keeps order within the budget', () => {
  const queue = queueOf();
  for (const offset of [1, 2, 3]) expect(queue.push(event(offset, 'droppable'), 0, 'e')).toBe('queued');
  expect(shown(queue)).toEqual([[1, 0], [2, 1], [3, 2]]);
  expect([queue.length, queue.bytes]).toEqual([0, 0]);
});

it('[OUT1] drops what may be dropped over the budget, and remembers the stretch until it is told', () => {
  const queue = queueOf();
  const fates = [1, 2, 3, 4, 5, 6].map((offset) => queue.push(event(offset, 'droppable'), 0, 'e'));
  expect(fates).toEqual(['queued', 'queued', 'queued', 'dropped', 'dropped', 'dropped']);
  expect(shown(queue)).toHaveLength(3);
  // Room again, but the client does not know yet that something is missing.
  expect(queue.push(event(7, 'droppable'), 0, 'e')).toBe('dropped');
  expect(queue.takeGaps()).toEqual([{ topic: 'orders', from: 4, to: 7, epoch: 'e' }]);
  expect(queue.push(event(8, 'droppable'), 0, 'e')).toBe('queued');
});

it('[OUT1] another topic is not touched by a gap', () => {
  const queue = queueOf();
  for (const offset of [1, 2, 3, 4]) queue.push(event(offset, 'droppable'), 0, 'e');
  queue.takeFrames();
  expect(queue.push(event(1, 'droppable', 'x', 'prices'), 0, 'e')).toBe('queued');
});

it('[OUT1] counts what the transport still holds against the budget, before the message is taken', () => {
  expect(queueOf().push(event(1, 'droppable'), BUDGET, 'e')).toBe('dropped');
});

it('[OUT1] takes no burst that might grow over the budget, nor one behind a missing stretch', () => {
  const group = { burst: undefined } as Group;
  const burst = new Burst(group, event(1, 'droppable'));
  expect(queueOf().pushBurst(burst, 0)).toBe(false);
  const roomy = () => new OutboundQueue(2 * MOST_BURST_BYTES, 2 * MOST_BURST_BYTES);
  expect(roomy().pushBurst(burst, MOST_BURST_BYTES)).toBe(true);
  expect(roomy().pushBurst(burst, MOST_BURST_BYTES + 1)).toBe(false);
  const behindGap = roomy();
  behindGap.push(event(1, 'droppable'), 2 * MOST_BURST_BYTES, 'e');
  expect(behindGap.pushBurst(burst, 0)).toBe(false);
});

it('[OUT1] counts the events of a burst, also those that join it later', () => {
  const group = { burst: undefined } as Group;
  const [first, second] = [event(1, 'droppable'), event(2, 'droppable')];
  const burst = new Burst(group, first);
  const queue = new OutboundQueue(2 * MOST_BURST_BYTES, 2 * MOST_BURST_BYTES);
  queue.pushBurst(burst, 0);
  burst.add(second);
  expect([queue.length, queue.bytes]).toEqual([2, first.size + second.size]);
  expect(shown(queue)).toEqual([[1, 0], [2, 1]]);
  expect(burst.takes(1)).toBe(false);
});

it('[OUT2] replaces a version inside a burst for this connection only', () => {
  const group = { burst: undefined } as Group;
  const burst = new Burst(group, event(1, 'latest', 'a'));
  burst.add(event(2, 'latest', 'b'));
  const [slow, quick] = [new OutboundQueue(2 * MOST_BURST_BYTES, 4 * MOST_BURST_BYTES), new OutboundQueue(2 * MOST_BURST_BYTES, 4 * MOST_BURST_BYTES)];
  for (const queue of [slow, quick]) queue.pushBurst(burst, 0);
  slow.push(event(3, 'latest', 'a'), 2 * MOST_BURST_BYTES, 'e');
  expect(shown(slow)).toEqual([[2, 0], [3, 2]]);
  expect(shown(quick)).toEqual([[1, 0], [2, 1]]);
});

it('[OUT2] replaces the older version of an entity and keeps the chain whole', () => {
  const queue = queueOf();
  const entities = ['pc1', 'pc2', 'pc3', 'pc1', 'pc3', 'pc1'];
  for (const [at, entity] of entities.entries()) expect(queue.push(event(at + 1, 'latest', entity), 0, 'e')).toBe('queued');
  expect(shown(queue)).toEqual([[2, 0], [5, 2], [6, 5]]);
});

it('[OUT2] [POS3] what a pong names is not taken out before it: the client would miss what it is told that it has', () => {
  const queue = queueOf();
  const pong = { kind: 'keep', frame: new Frame(JSON.stringify({ offset: 2, prev: 'pong' })) } as const;
  for (const [offset, entity] of [[1, 'b'], [2, 'a']] as const) queue.push(event(offset, 'latest', entity), 0, 'e');
  queue.push(pong, 0, '');
  for (const [offset, entity] of [[3, 'b'], [4, 'a'], [5, 'a'], [6, 'a']] as const) queue.push(event(offset, 'latest', entity), 0, 'e');
  expect(shown(queue)).toEqual([[1, 0], [2, 1], [2, 'pong'], [3, 2], [6, 3]]);
});

it('[OUT2] rewrites `prev` for this connection only', () => {
  const shared = [event(1, 'latest', 'a'), event(2, 'latest', 'b'), event(3, 'latest', 'c'), event(4, 'latest', 'a')];
  const [slow, quick] = [queueOf(), new OutboundQueue(100_000, 100_000)];
  for (const queue of [slow, quick]) for (const item of shared) queue.push(item, 0, 'e');
  expect(shown(slow)).toEqual([[2, 0], [3, 2], [4, 3]]);
  expect(shown(quick)).toEqual([[1, 0], [2, 1], [3, 2], [4, 3]]);
});

it('[OUT1] [OUT3] never drops answers and undroppable events, up to the ceiling', () => {
  const queue = queueOf();
  const fates = Array.from({ length: 12 }, (_, at) => queue.push(event(at + 1, 'undroppable'), 0, 'e'));
  expect(fates.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => 'queued'));
  expect(fates.at(-1)).toBe('overflow');
  expect(queueOf().push({ kind: 'keep', frame: new Frame('x'.repeat(CEILING + 1)) }, 0, '')).toBe('overflow');
});

it('[DIR1] a withheld event is not passed over while a stretch before it is missing', () => {
  const queue = queueOf();
  expect(queue.mayPass('orders', 1)).toBe(true);
  for (const offset of [2, 3, 4, 5]) queue.push(event(offset, 'droppable'), 0, 'e');
  expect(queue.mayPass('orders', 6)).toBe(false);
  expect(queue.takeGaps()).toMatchObject([{ from: 5, to: 6 }]);
});

it('forgets the losses of a subscription that starts anew', () => {
  const queue = queueOf();
  for (const offset of [1, 2, 3, 4]) queue.push(event(offset, 'droppable'), 0, 'e');
  queue.forget('orders');
  expect(queue.hasGaps).toBe(false);
});
