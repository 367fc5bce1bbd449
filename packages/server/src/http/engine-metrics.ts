import type { ManagerStatus } from '@clms/realtime';
import { Gauge, type Registry } from 'prom-client';

/** The counters of the real-time server, read when Prometheus asks. */
export function engineMetrics(registry: Registry, source: { counters(): Readonly<Record<string, unknown>>; status(): ManagerStatus }): void {
  const values = new Gauge({
    name: 'clms_websocket',
    help: 'Counters of the real-time server since its start, by name.',
    labelNames: ['counter'],
    registers: [registry],
    collect() {
      for (const [counter, value] of Object.entries(source.counters())) if (typeof value === 'number') values.set({ counter }, value);
    },
  });
  const active = new Gauge({
    name: 'clms_websocket_connections',
    help: 'Live connections by role.',
    labelNames: ['role'],
    registers: [registry],
    collect() {
      active.reset();
      for (const [role, count] of Object.entries(source.status().byRole)) active.set({ role }, count);
    },
  });
}
