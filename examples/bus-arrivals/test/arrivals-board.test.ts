import { systemClock } from '@clms/realtime';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openBoard } from '../src/arrivals-board.ts';

let board: Awaited<ReturnType<typeof openBoard>>;
const sockets: WebSocket[] = [];
beforeEach(async () => void (board = await openBoard(systemClock, 0)));
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await board.close();
});

const idle = (): void => undefined;

/** A passenger at a stop; `next` waits for the next message of a type. */
function passenger(stop: string, since?: { epoch: string; offset: number }) {
  const socket = new WebSocket(`ws://127.0.0.1:${board.port}/ws`);
  sockets.push(socket);
  const messages: any[] = [];
  let wake = idle;
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    messages.push(message);
    if (message.type === 'welcome') socket.send(JSON.stringify({ type: 'subscribe', data: { topic: 'arrivals', filters: { stop }, ...(since && { since }) } }));
    wake();
  });
  const next = async (type: string): Promise<any> => {
    for (;;) {
      const at = messages.findIndex((message) => message.type === type);
      if (at !== -1) return messages.splice(0, at + 1).at(-1);
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return { socket, next };
}

const arrival = (bus: string, stop: string, minutes: number) => ({ bus, stop, minutes, driver: 'Joan' });

it('shows a passenger the stop asked for, and never who drives', async () => {
  await board.report(arrival('12', 'Market', 9));
  const { next } = passenger('Market');
  expect((await next('subscribed')).data.snapshot).toEqual([{ bus: '12', stop: 'Market', minutes: 9 }]);
  await board.report(arrival('7', 'Harbour', 1));
  await board.report(arrival('12', 'Market', 8));
  expect((await next('arrival')).data).toEqual({ bus: '12', stop: 'Market', minutes: 8 });
});

it('gives a passenger who was in a tunnel what was missed', async () => {
  const before = passenger('Market');
  const { epoch, offset } = (await before.next('subscribed')).data;
  before.socket.terminate();
  await board.report(arrival('12', 'Market', 3));
  const after = passenger('Market', { epoch, offset });
  expect((await after.next('subscribed')).data.recovered).toBe(true);
  expect((await after.next('arrival')).data.minutes).toBe(3);
});

it('serves the page', async () => {
  const response = await fetch(`http://127.0.0.1:${board.port}/`);
  expect(response.headers.get('content-type')).toContain('text/html');
  expect(await response.text()).toContain('Bus arrivals');
});
