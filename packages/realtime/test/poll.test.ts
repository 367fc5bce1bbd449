import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { CursorTracker } from '../src/cursor.ts';
import { Frame } from '../src/frame.ts';
import { ManualClock } from '../src/manual-clock.ts';
import { PollTransport } from '../src/poll.ts';

/** A request that is held, on a clock of the test's own. */
async function heldRequest(timeoutMs: number) {
  const clock = new ManualClock(0);
  let transport: PollTransport | undefined;
  const http = createServer((_, response) => {
    transport = new PollTransport(response, new CursorTracker(new Map([['orders', { epoch: 'e', offset: 0 }]]), { epoch: 'e', offset: 0 }), clock, timeoutMs, true);
    transport.onEnough = () => transport!.close();
    transport.allSubscribed();
    arrived();
  });
  let arrived!: () => void;
  const held = new Promise<void>((resolve) => void (arrived = resolve));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const answer = fetch(`http://127.0.0.1:${(http.address() as AddressInfo).port}/`).then((response) => response.json() as Promise<{ messages: { offset: number }[]; cursors: Record<string, unknown> }>);
  await held;
  const write = (frame: object): void => void transport!.write([new Frame(JSON.stringify({ id: 'm', timestamp: 't', ...frame }))]);
  const event = (offset: number): void => write({ type: 'order_update', topic: 'orders', offset, prev: offset - 1, data: {} });
  return { clock, answer, write, event, close: () => http.close() };
}

it('[FB2] news that never ends does not put the answer off: it goes a quarter of a second after the first', async () => {
  const { clock, answer, event, close } = await heldRequest(25_000);
  for (let offset = 1; offset <= 20; offset++) {
    event(offset);
    clock.advance(50);
  }
  const { messages, cursors } = await answer;
  expect(messages.map(({ offset }) => offset)).toEqual([1, 2, 3, 4, 5]);
  expect(cursors['orders']).toEqual({ epoch: 'e', offset: 5 });
  expect(clock.pending).toBe(0);
  close();
});

it('[FB2] a snapshot that was asked for beside a position is news', async () => {
  const { clock, answer, write, close } = await heldRequest(25_000);
  write({ type: 'subscribed', data: { topic: 'orders', epoch: 'e', offset: 0, recovered: true, snapshot: [] } });
  clock.advance(250);
  expect((await answer).messages).toHaveLength(1);
  expect(clock.pending).toBe(0);
  close();
});
