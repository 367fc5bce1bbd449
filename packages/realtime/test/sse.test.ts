import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { CursorTracker } from '../src/cursor.ts';
import { Frame } from '../src/frame.ts';
import { ManualClock } from '../src/manual-clock.ts';
import { SseTransport } from '../src/sse.ts';

it('[OUT3] fault: a stream whose reader has stopped reading stays for ever: its socket is given up two seconds after the end', async () => {
  const clock = new ManualClock(0);
  const http = createServer();
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const reader = connect((http.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
  reader.pause();
  reader.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const [, response] = await once(http, 'request');
  const transport = new SseTransport(response, new CursorTracker(new Map(), { epoch: 'e', offset: 0 }), clock);
  const frame = new Frame(JSON.stringify({ id: 'm', timestamp: 't', type: 'note', data: { filler: 'x'.repeat(1024 * 1024) } }));
  // More than the system takes on its own account.
  for (let sent = 0; sent < 16; sent++) transport.write([frame]);
  transport.close(4508, 'reads too slowly');
  clock.advance(1999);
  expect(response.destroyed).toBe(false);
  clock.advance(1);
  expect(response.destroyed).toBe(true);
  await once(response, 'close');
  expect(clock.pending).toBe(0);
  reader.destroy();
  http.close();
});
