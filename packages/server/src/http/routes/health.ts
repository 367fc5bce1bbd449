import Type from 'typebox';
import type { Registry } from 'prom-client';
import { Refusal } from '../../domain/refusal.ts';
import type { Authenticator } from '../../domain/accounts/authenticator.ts';
import { isLoopbackCaller } from '../loopback-caller.ts';
import { knownActor } from '../request-actor.ts';
import { raw, type HttpRoute } from '../raw-route.ts';
import { requireAccess } from '../access.ts';
import { OPEN } from '../route.ts';

/** What the health of the server is made of; each part answers for itself. */
export interface HealthSource {
  readonly version: string;
  uptimeSeconds(): number;
  /** Whether the database answers. */
  databaseOk(): Promise<boolean>;
  websocket(): { enabled: boolean; path: string; port: number | null; connections: number };
  broker(): { kind: string; ok: boolean };
  state(): 'starting' | 'ready' | 'draining';
}

const Health = Type.Object({
  status: Type.Enum(['ok', 'degraded', 'unavailable']), version: Type.String(), uptimeSeconds: Type.Number(), database: Type.Object({ ok: Type.Boolean() }),
  websocket: Type.Object({ enabled: Type.Boolean(), path: Type.String(), port: Type.Union([Type.Integer(), Type.Null()]), connections: Type.Integer() }),
  broker: Type.Object({ kind: Type.String(), ok: Type.Boolean() }),
});
const tag = 'Health';

export function healthRoutes(source: HealthSource, metrics: Registry, authenticator: Authenticator): HttpRoute[] {
  return [
    raw({
      method: 'GET', path: '/health', access: OPEN, tag, summary: 'How the server is; 503 when its database is not usable.', answer: Health, also: [503],
      async handle({ reply }) {
        const database = { ok: await source.databaseOk() };
        const broker = source.broker();
        if (!database.ok) reply.code(503);
        return { status: !database.ok ? 'unavailable' : broker.ok ? 'ok' : 'degraded', version: source.version, uptimeSeconds: source.uptimeSeconds(), database, websocket: source.websocket(), broker };
      },
    }),
    raw({ method: 'GET', path: '/health/live', access: OPEN, tag, summary: 'The process is up.', answer: Type.Object({ status: Type.String() }), handle: async () => ({ status: 'ok' }) }),
    raw({
      method: 'GET', path: '/health/ready', access: OPEN, tag, summary: 'Ready for requests; 503 while starting and draining.', answer: Type.Object({ status: Type.Enum(['starting', 'ready', 'draining', 'unavailable']) }), also: [503],
      async handle({ reply }) {
        const state = source.state();
        const status = state === 'ready' && !(await source.databaseOk()) ? 'unavailable' : state;
        if (status !== 'ready') reply.code(503);
        return { status };
      },
    }),
    raw({
      method: 'GET', path: '/metrics', access: OPEN, tag, summary: 'Prometheus text, for programs on this machine and API keys with the scope "metrics".', answer: Type.String(), mediaType: 'text/plain',
      async handle({ request, reply }) {
        if (!isLoopbackCaller(request)) {
          const actor = await knownActor(request, authenticator);
          if (!actor) throw new Refusal(401, 'NOT_SIGNED_IN', 'From elsewhere this needs an API key with the scope "metrics".');
          requireAccess(actor, { roles: ['ADMIN'], scope: 'metrics' });
        }
        return reply.type(metrics.contentType).send(await metrics.metrics());
      },
    }),
  ];
}
