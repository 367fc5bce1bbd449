import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createFallbacks, MemoryBroker, systemClock, WebSocketManager, type AuthResult } from '../src/index.ts';

it.each(['handleEvents', 'handlePoll'] as const)('[UP5] %s keeps neither place nor connection for who has gone while its credential was looked at', async (handler) => {
  let decide: (result: AuthResult) => void = () => undefined;
  const manager = new WebSocketManager({
    topics: [],
    broker: new MemoryBroker({ clock: systemClock }),
    authenticate: () => new Promise((resolve) => (decide = resolve)),
    config: { auth: { maxConnectionsPerUser: 1 } },
  });
  await manager.start();
  const fallbacks = createFallbacks(manager, systemClock);
  const handled: Promise<void>[] = [];
  const http = createServer((request, response) => {
    handled.push(fallbacks[handler](request, response));
    http.emit('asked', response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/?subscribe=[]&timeout=0`;
  const headers = { Authorization: 'Bearer x' };

  const leaving = new AbortController();
  const left = fetch(url, { headers, signal: leaving.signal }).catch(() => 'left');
  const [response] = (await once(http, 'asked')) as [ServerResponse];
  leaving.abort();
  await Promise.all([left, once(response, 'close')]);
  const known = { kind: 'ok', identity: { userId: 'ann', username: 'ann', role: 'STAFF', sessionId: 's' } } as const;
  decide(known);
  await handled[0];
  expect(manager.clients.size).toBe(0);

  const second = fetch(url, { headers });
  await once(http, 'asked');
  decide(known);
  expect((await second).status).toBe(200);
  await manager.shutdown();
  http.closeAllConnections();
  http.close();
});
