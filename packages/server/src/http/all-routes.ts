import type { Broker, WebSocketManager } from '@clms/realtime';
import type { Registry } from 'prom-client';
import type { ForgetEvents } from '../domain/person-erasure.ts';
import type { ImportDesk } from '../imports/import-desk.ts';
import type { Relay } from '../realtime/relay.ts';
import type { HttpRoute } from './raw-route.ts';
import { activityRoutes } from './routes/activities.ts';
import { analyticsRoutes } from './routes/analytics.ts';
import { withApiDocuments } from './routes/api-documents.ts';
import { apiKeyRoutes } from './routes/api-keys.ts';
import { auditRoutes } from './routes/audit.ts';
import { authRoutes, type AuthDeps } from './routes/auth.ts';
import { bookRoutes } from './routes/books.ts';
import { chatRoutes } from './routes/chat.ts';
import { dashboardRoutes } from './routes/dashboard.ts';
import { demoSchoolRoutes } from './routes/demo-school.ts';
import { deviceRoutes } from './routes/devices.ts';
import { emergencyRoutes } from './routes/emergencies.ts';
import { equipmentRoutes } from './routes/equipment.ts';
import { healthRoutes, type HealthSource } from './routes/health.ts';
import { holdRoutes } from './routes/holds.ts';
import { importRoutes } from './routes/imports.ts';
import { loanRoutes } from './routes/loans.ts';
import { notificationRoutes } from './routes/notifications.ts';
import { peopleRoutes } from './routes/people.ts';
import { realtimeRoutes, testClockRoute } from './routes/realtime.ts';
import { scanRoutes } from './routes/scans.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { settingsRoutes } from './routes/settings.ts';
import { userRoutes } from './routes/users.ts';
import { venueRoutes } from './routes/venue.ts';
import { visitRoutes } from './routes/visits.ts';
import { waitingListRoutes } from './routes/waiting-list.ts';

export interface RouteDeps extends AuthDeps {
  readonly imports: ImportDesk;
  readonly registry: Registry;
  readonly health: HealthSource;
  readonly version: string;
  readonly manager: Pick<WebSocketManager, 'getStatus' | 'listConnections' | 'closeConnection'>;
  readonly relay: Relay;
  /** The broker behind the outbox. */
  readonly broker: Broker;
  /** Cuts the history of events that name an erased person. */
  readonly forgetEvents: ForgetEvents;
  readonly websocketPath: string;
  /** Moves the clock of trials; undefined = it is off, and the route does not exist. */
  readonly advanceClock: ((byMs: number) => Promise<string>) | undefined;
}

/** Every route of the server, documents included. */
export function allRoutes(deps: RouteDeps): HttpRoute[] {
  const { runner, revocations, manager, relay, broker } = deps;
  const door = {
    runner,
    relay,
    broker,
    status: async () => manager.getStatus(),
    connections: async () => manager.listConnections(),
    closeConnection: async (clientId: string) => manager.closeConnection(clientId),
  };
  const routes: HttpRoute[] = [
    ...healthRoutes(deps.health, deps.registry, deps.authenticator),
    ...authRoutes(deps), ...userRoutes(revocations), ...deviceRoutes(runner, revocations), ...apiKeyRoutes(revocations), ...auditRoutes,
    ...venueRoutes, ...demoSchoolRoutes, ...settingsRoutes, ...peopleRoutes(deps.forgetEvents), ...visitRoutes, ...scanRoutes, ...activityRoutes, ...dashboardRoutes, ...emergencyRoutes,
    ...equipmentRoutes, ...sessionRoutes, ...waitingListRoutes, ...bookRoutes, ...loanRoutes, ...holdRoutes, ...notificationRoutes, ...chatRoutes,
    ...analyticsRoutes(runner), ...importRoutes(runner, deps.imports), ...realtimeRoutes(door), ...(deps.advanceClock ? [testClockRoute(runner, deps.advanceClock)] : []),
  ];
  return withApiDocuments(routes, deps.version, deps.websocketPath);
}
