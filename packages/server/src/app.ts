import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createFallbacks, createJwtVerifier, MemoryBroker, RedisBroker, systemClock, WebSocketManager, type Broker, type Cancel } from '@clms/realtime';
import { STAFF_ROLES } from '@clms/protocol';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import type { Config } from './config/config.ts';
import { accessTokenIssuer, type IssueToken } from './domain/accounts/access-tokens.ts';
import { createAuthenticator } from './domain/accounts/authenticator.ts';
import type { Revocations } from './domain/accounts/revocations.ts';
import { SecurityLog } from './domain/accounts/security-log.ts';
import { createConfiguredAdmin, Setup } from './domain/accounts/setup.ts';
import { toInstant } from './domain/instant.ts';
import { UnitRunner } from './domain/unit-runner.ts';
import { defaultSettings } from './domain/venue.ts';
import { saveVenuePart } from './domain/venue-store.ts';
import { allRoutes } from './http/all-routes.ts';
import { buildHttp } from './http/build-http.ts';
import { engineMetrics } from './http/engine-metrics.ts';
import { httpMetrics } from './http/http-metrics.ts';
import { answerWithoutWebSocket } from './http/without-websocket.ts';
import { createImportDesk } from './imports/import-desk.ts';
import { allJobs } from './jobs/all-jobs.ts';
import { JobRunner } from './jobs/job-runner.ts';
import { listen, type Listening } from './listen.ts';
import { OffsetClock } from './offset-clock.ts';
import { socketCommands } from './realtime/commands.ts';
import { forgetEvents } from './realtime/forget-events.ts';
import { OutboxBroker } from './realtime/outbox-broker.ts';
import { presencePublisher } from './realtime/presence-publisher.ts';
import { readSeeds, Relay } from './realtime/relay.ts';
import { snapshotReads } from './realtime/snapshot-reads.ts';
import { socketDoor } from './realtime/socket-door.ts';
import { StateFeed } from './realtime/state-feed.ts';
import { analyticsSources, dashboardSource } from './realtime/state-sources.ts';
import { DURABLE_TOPICS, libraryTopics, TRANSIENT_TOPICS } from './realtime/topics.ts';
import { tokenSecret } from './secrets.ts';
import { openConfiguredStore, startStep } from './start-step.ts';
import { outboxOf } from './store/outbox.ts';

/** A running server. */
export interface App {
  readonly httpUrl: string;
  readonly wsUrl: string;
  readonly runner: UnitRunner;
  readonly manager: WebSocketManager;
  readonly issueToken: IssueToken;
  /** For the setup page; undefined once there is an administrator. */
  readonly setupCode: string | undefined;
  /** [DRAIN1] Tells clients, finishes what is under way, closes. */
  close(): Promise<void>;
}

export interface AppOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly version: string;
}

/** The built web app, beside the server in the tree. */
const WEB_FOLDER = resolve(import.meta.dirname, '../../../apps/web/dist');
/** With a shared broker that was away, or a failed relay: how soon the outbox is looked at again. */
const RELAY_AGAIN_MS = 2000;

/** Wires the server and starts it: the only place that constructs services. */
export async function startApp({ config, log, version }: AppOptions): Promise<App> {
  await startStep('CLMS_DATA_DIR', config.dataDir, () => mkdirSync(config.dataDir, { recursive: true, mode: 0o700 }));
  const machine = systemClock;
  const library = config.testClock ? new OffsetClock() : machine;
  const startedMs = machine.now();
  let state: 'starting' | 'ready' | 'draining' = 'starting';

  const store = await openConfiguredStore(config);
  const runner = await UnitRunner.open(store, library);
  if (runner.venue.versions.venue === 0) {
    await saveVenuePart(store.db, 'venue', defaultSettings(config.timezone, config.locale), 1, toInstant(library.now()));
    await runner.reloadVenue();
  }
  const setup = new Setup(runner, config.locale);
  if (config.adminUsername !== undefined && config.adminPassword !== undefined) await createConfiguredAdmin(runner, { username: config.adminUsername, password: config.adminPassword }, config);

  // Out: outbox → relay → broker. The retained outbox is published again first, so that a memory broker has its history and offsets back.
  const history = { size: config.historySize, ttlMs: config.historyTtlMs };
  const inner: Broker =
    config.redisUrl === undefined ? new MemoryBroker({ clock: library, history, seed: await readSeeds(store, DURABLE_TOPICS) }) : new RedisBroker({ url: config.redisUrl, clock: machine, wallNow: () => library.now(), history });
  const relay = new Relay(outboxOf(store.db), inner, log);
  const broker = new OutboxBroker(store, inner, relay, TRANSIENT_TOPICS);

  const secret = tokenSecret(config);
  const names = { ...(config.jwtIssuer !== undefined && { issuer: config.jwtIssuer }), ...(config.jwtAudience !== undefined && { audience: config.jwtAudience }) };
  const issueToken = accessTokenIssuer({ secret, ttlMs: config.accessTokenTtlMs, machine, ...names });
  const authenticator = createAuthenticator(runner, createJwtVerifier({ secret, clock: machine, ...(config.jwksUrl !== undefined && { jwksUrl: config.jwksUrl }), ...names }));
  const securityLog = new SecurityLog(store.db, { library, machine }, log);

  const presence = presencePublisher(broker, machine, () => runner.now());
  const isStaff = (role: string): boolean => (STAFF_ROLES as readonly string[]).includes(role);
  const manager: WebSocketManager = new WebSocketManager({
    topics: libraryTopics(snapshotReads(runner, inner, () => manager.presence.list())),
    authenticate: socketDoor(authenticator, runner),
    anonymous: () => ({ userId: 'anonymous', username: 'anonymous', role: 'ADMIN', sessionId: 'anonymous' }),
    commands: socketCommands(runner, relay),
    broker,
    clock: machine,
    wallNow: () => library.now(),
    version,
    securityLog: (entry) => securityLog.record(entry),
    hasPresence: ({ role }) => isStaff(role),
    onPresence: presence.add,
    onError: (error, doing) => log.error({ err: error }, `the real-time server failed at ${doing}`),
    config: {
      path: config.wsPath,
      auth: { requireAuth: config.requireAuth, rateLimitEnabled: config.rateLimit !== 'off', maxConnectionsPerUser: config.maxConnectionsPerUser, ...(config.allowedRoles && { allowedRoles: config.allowedRoles }) },
      enableCompression: config.compression,
      maxPayload: config.maxPayload,
      heartbeatInterval: config.heartbeatIntervalMs,
      maxConnections: config.maxConnections,
      ...(config.rateLimit !== 'off' && { rateLimit: config.rateLimit }),
      connectRateLimit: config.connectRateLimit === 'off' ? false : config.connectRateLimit,
      ...(config.allowedOrigins && { allowedOrigins: config.allowedOrigins }),
      trustProxy: config.trustProxy,
    },
  });
  const revocations: Revocations = {
    revoked: (whose) => ('sessionId' in whose ? manager.revokeSession(whose.sessionId) : manager.revokeUser(whose.userId)),
    roleChanged: (userId, role) => manager.roleChanged(userId, role),
  };

  const feeds = [new StateFeed(dashboardSource(runner), broker, { machine, library }, log), ...analyticsSources(runner).map((source) => new StateFeed(source, broker, { machine, library }, log))];
  const jobs = allJobs({ store, history, backupFolder: join(config.dataDir, 'backups'), log });
  const jobRunner = new JobRunner(runner, jobs.list, log, machine);
  runner.onCommit((events) => {
    if (events.length > 0) relay.wake();
    for (const feed of feeds) feed.wake();
  });

  // In: HTTP.
  const imports = createImportDesk({ runner, breathe: () => new Promise((resume) => setImmediate(resume)), onFault: (error) => log.error({ err: error }, 'an import failed') });
  const registry = new Registry();
  engineMetrics(registry, { counters: () => ({ ...manager.counters }), status: () => manager.getStatus() });
  let httpPort: number | undefined;
  let wsPort: number | undefined;
  const routes = allRoutes({
    runner, issueToken, authenticator, setup, revocations, imports, registry, version, manager, relay, broker: inner, forgetEvents: forgetEvents(relay, inner, store, log), websocketPath: config.wsPath,
    health: {
      version,
      uptimeSeconds: () => Math.floor((machine.now() - startedMs) / 1000),
      databaseOk: () => store.usable(),
      websocket: () => ({ enabled: true, path: config.wsPath, port: wsPort ?? httpPort ?? null, connections: manager.clients.size }),
      broker: () => ({ kind: broker.kind, ok: broker.health().state === 'ok' }),
      state: () => state,
    },
    advanceClock:
      library instanceof OffsetClock
        ? async (byMs) => {
            await library.advance(byMs, async () => {
              await jobRunner.idle();
              await relay.catchUp();
              for (const feed of feeds) await feed.settle();
            });
            return toInstant(library.now());
          }
        : undefined,
  });
  const http = await buildHttp({
    runner, authenticator, log, routes, requireAuth: config.requireAuth, allowedOrigins: config.allowedOrigins, trustProxy: config.trustProxy,
    webFolder: existsSync(WEB_FOLDER) ? WEB_FOLDER : undefined, websocketPath: config.wsPath, websocketPort: () => wsPort, onAnswered: httpMetrics(registry),
  });
  await http.ready();

  // The broker first: one over Redis can take nothing before it is connected.
  await (config.redisUrl === undefined ? manager.start() : startStep('CLMS_REDIS_URL', config.redisUrl, () => manager.start()));
  await relay.catchUp();
  const fallbacks = createFallbacks(manager, machine);
  const listening: Listening[] = [];
  const main = await listen((request, response) => void (manager.handleRequest(request, response) || answerWithoutWebSocket(fallbacks, config.allowedOrigins, request, response) || http.routing(request, response)), config.host, config.httpPort, 'CLMS_HTTP_PORT');
  listening.push(main);
  httpPort = main.port;
  if (config.wsPort !== 'off') {
    const own = await listen((request, response) => void (manager.handleRequest(request, response) || response.writeHead(404, { 'Content-Type': 'application/problem+json' }).end(NOTHING_HERE)), config.host, config.wsPort, 'CLMS_WS_PORT').catch(async (error: unknown) => {
      await main.close();
      throw error;
    });
    listening.push(own);
    wsPort = own.port;
  }
  for (const { servers } of listening) for (const server of servers) manager.attach(server);
  await jobRunner.start();
  for (const feed of feeds) feed.wake();
  const stopRelaying = every(RELAY_AGAIN_MS, () => relay.wake());
  state = 'ready';

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    state = 'draining';
    manager.stopAccepting();
    stopRelaying();
    for (const feed of feeds) feed.close();
    presence.close();
    await manager.shutdown();
    await Promise.all(listening.map((one) => one.close()));
    await http.close();
    await jobRunner.close();
    await jobs.idle();
    await imports.idle();
    await securityLog.close();
    await store.close();
  };
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
  return {
    httpUrl: `http://${host}:${main.port}`,
    wsUrl: `ws://${host}:${wsPort ?? main.port}${config.wsPath}`,
    runner,
    manager,
    issueToken,
    setupCode: (await setup.needed()) ? setup.code : undefined,
    close: () => (closing ??= close()),
  };
}

const NOTHING_HERE = JSON.stringify({ type: 'about:blank', title: 'Not Found', status: 404, detail: 'This port serves the WebSocket alone.', code: 'NOT_FOUND' });

function every(ms: number, work: () => void): Cancel {
  let cancel = systemClock.setTimer(ms, function again() {
    work();
    cancel = systemClock.setTimer(ms, again);
  });
  return () => cancel();
}
