import { expect, it } from 'vitest';
import type { ClientManager } from '../src/client-manager.ts';
import type { Connection } from '../src/connection.ts';
import { ManualClock } from '../src/manual-clock.ts';
import { newCounters } from '../src/metrics.ts';
import { NodeReport } from '../src/node-report.ts';

it('[OUT3] the status counts readers that are slow now, and for a minute those that were ended for it', () => {
  const clock = new ManualClock(0);
  const counters = newCounters();
  const connections: Pick<Connection, 'stuck' | 'latencyMs'>[] = [{ stuck: undefined, latencyMs: 3 }, { stuck: { sinceMs: 0, takenBytes: 0 }, latencyMs: undefined }];
  const clients = { all: () => connections.values(), getStats: () => ({ byRole: {} }), size: 2 } as unknown as ClientManager;
  const report = new NodeReport({ nodeId: 'n1', version: '1', clock, counters, clients, state: () => 'ok', byTopic: () => ({}) });
  const pass = (seconds: number): void => {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1000);
      report.sample(clock.now());
    }
  };
  pass(5);
  expect(report.status().slowConsumers).toBe(1);
  connections.pop();
  counters.slowConsumers++;
  expect(report.status().slowConsumers).toBe(1);
  pass(50);
  expect(report.status().slowConsumers).toBe(1);
  pass(15);
  expect([report.status().slowConsumers, counters.slowConsumers]).toEqual([0, 1]);
});
