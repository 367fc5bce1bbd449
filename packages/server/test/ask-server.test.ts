import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { askServer } from '../src/cli/ask-server.ts';

let requests: number;
let broken: number;
let server: ReturnType<typeof createServer>;
let url: string;

/** A server that cuts the first `broken` requests instead of answering them. */
beforeEach(async () => {
  requests = 0;
  server = createServer((request, response) => (++requests <= broken ? void request.socket.destroy() : void response.end('here')));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((resolve) => {
  server.close(resolve);
  server.closeAllConnections();
}));

it('a read over a connection that the server has just closed is sent again', async () => {
  broken = 1;
  expect(await (await askServer(`${url}/health`)).text()).toBe('here');
  expect(requests).toBe(2);
});

it('a command is not: nobody knows whether it was carried out', async () => {
  broken = 1;
  await expect(askServer(`${url}/api/users`, { method: 'POST', body: '{}' })).rejects.toThrow(`The server at ${url} does not answer (`);
  expect(requests).toBe(1);
});

it('a server that does not answer is told in words', async () => {
  broken = 9;
  await expect(askServer(`${url}/health`)).rejects.toThrow(/^The server at http:\/\/127\.0\.0\.1:\d+ does not answer \(\w+\)\. "clms status" tells whether it runs\.$/);
  expect(requests).toBe(2);
});
