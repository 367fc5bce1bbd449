import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MemoryBroker, WebSocketManager, type Clock, type TopicDefinition } from '@clms/realtime';

/** A bus on its way to a stop. `driver` is for the depot, not for passengers. */
export interface Arrival {
  readonly bus: string;
  readonly stop: string;
  readonly minutes: number;
  readonly driver: string;
}

const page = readFileSync(new URL('page.html', import.meta.url));

/** Serves a page and its live arrivals on one port (0 = any free one). */
export async function openBoard(clock: Clock, port: number) {
  const expected = new Map<string, Arrival>();
  const arrivals: TopicDefinition = {
    name: 'arrivals',
    filters: { stop: 'open' },
    delivery: 'latest', // a slow phone gets the newest minutes of each bus, not all of them
    entity: ({ data }) => (data as Arrival).bus,
    eventTypes: ['arrival'],
    audience: ({ role }) => ({ key: role }),
    project: ({ data }, { key }) => (key === 'DEPOT' ? data : forPassengers(data as Arrival)),
    snapshot: async ({ filters }) => [...expected.values()].filter(({ stop }) => filters['stop']?.includes(stop) ?? true).map(forPassengers),
  };
  const manager = new WebSocketManager({
    topics: [arrivals],
    broker: new MemoryBroker({ clock }),
    clock,
    authenticate: async () => ({ kind: 'refused', status: 401, reason: 'passengers need no token' }),
    anonymous: () => ({ userId: 'passenger', username: 'passenger', role: 'PASSENGER', sessionId: 'passenger' }),
    config: { auth: { requireAuth: false, maxConnectionsPerUser: 10_000 } },
  });
  const http = createServer((request, response) => void (manager.handleRequest(request, response) || response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page)));
  manager.attach(http);
  await manager.start();
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  return {
    port: (http.address() as AddressInfo).port,
    async report(arrival: Arrival): Promise<void> {
      expected.set(arrival.bus, arrival);
      await manager.broadcastToSubscription('arrivals', { type: 'arrival', data: arrival });
    },
    async close(): Promise<void> {
      await manager.shutdown();
      http.close();
    },
  };
}

const forPassengers = ({ bus, stop, minutes }: Arrival) => ({ bus, stop, minutes });
