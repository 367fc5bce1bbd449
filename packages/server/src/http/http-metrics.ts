import { collectDefaultMetrics, Histogram, type Registry } from 'prom-client';

/** Counts and times answers by route pattern, so that no id or name becomes a label, and adds the process's own figures. */
export function httpMetrics(registry: Registry): (answered: { method: string; route: string; status: number; seconds: number }) => void {
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({ name: 'clms_http_request_duration_seconds', help: 'Time from request to answer.', labelNames: ['method', 'route', 'status'], buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5], registers: [registry] });
  return ({ method, route, status, seconds }) => duration.observe({ method, route, status: String(status) }, seconds);
}
