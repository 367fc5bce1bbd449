import { Alert, Dashboard, Metrics } from '@clms/protocol';
import Type from 'typebox';
import { computeDashboard } from '../../domain/metrics.ts';
import { query, STAFF_READ, type Route } from '../route.ts';

export const dashboardRoutes: Route[] = [
  query({
    method: 'GET',
    path: '/api/dashboard',
    access: STAFF_READ,
    tag: 'Dashboard',
    summary: 'The figures and alerts of `dashboard_update`.',
    answer: Type.Object({ metrics: Metrics, alerts: Type.Array(Alert), timestamp: Dashboard.properties.timestamp }),
    handle: ({ db, venue, now }) => computeDashboard(db, venue, now),
  }),
];
