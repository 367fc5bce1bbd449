import { fileURLToPath } from 'node:url';
import { startChild, type Child } from './call-channel.ts';
import type { DialectPlan } from './generator/dialect.ts';
import type { GeneratorCalls } from './generator/generator-main.ts';
import type { ServerKind } from './servers/bench-server.ts';
import type { ServerCalls } from './servers/serve-load.ts';

export const SERVER_FILE = fileURLToPath(new URL('servers/server-main.ts', import.meta.url));
const BUN_FILE = fileURLToPath(new URL('servers/bun-main.ts', import.meta.url));
export const GENERATOR_FILE = fileURLToPath(new URL('generator/generator-main.ts', import.meta.url));

export interface LoadPlan {
  readonly kind: ServerKind;
  readonly clients: number;
  readonly perSecond: number;
  readonly seconds: number;
  readonly padTo?: number;
  /** Filters for the clients in turn, where the server has filters. */
  readonly filters?: readonly Readonly<Record<string, readonly string[]>>[];
  /** Servers that share a Redis; clients spread over them evenly, and the first publishes. */
  readonly nodes?: { readonly count: number; readonly redisUrl: string };
  /** Share of published messages that a client gets, for filters that let only some pass. */
  readonly share?: number;
}

export interface LoadOutcome {
  readonly delivered: number;
  readonly expected: number;
  readonly perSecond: number;
  readonly cpuMicrosPerDelivery: number;
  readonly latenciesMs: readonly number[];
  /** Clients among the sampled that got events in another order than published. */
  readonly disordered: number;
  /** Resident bytes of all servers together. */
  readonly serverRss: number;
  readonly generatorLoad: number;
  readonly publisherLateMs: number;
}

/** Frames that stop coming for this long will not come any more. */
const QUIET_MS = 3000;
const WARM_UP_SECONDS = 1;
/** Every n-th client reads payloads: enough samples for a p99, too few to cost the generator anything. A prime: every kind of client is among them. */
const SAMPLE_EVERY = 97;

/** Server and generator processes of their own, one measured stretch after a short warm-up. */
export async function runLoad(plan: LoadPlan): Promise<LoadOutcome> {
  const nodes = plan.nodes?.count ?? 1;
  const servers = Array.from({ length: nodes }, () => (plan.kind === 'bun' ? startChild<ServerCalls>(BUN_FILE, [], 'bun') : startChild<ServerCalls>(SERVER_FILE, ['--expose-gc'])));
  const generator = startChild<GeneratorCalls>(GENERATOR_FILE);
  try {
    const each = plan.clients / nodes;
    for (const [n, server] of servers.entries()) {
      const port = await server.call.start(plan.kind, plan.nodes && { redisUrl: plan.nodes.redisUrl });
      await generator.call.connect({ port, path: pathOf(plan.kind), count: each, first: n * each, dialect: dialectPlan(plan), headers: headersOf(plan.kind), sampleEvery: plan.kind === 'ws-deflate' ? 0 : SAMPLE_EVERY });
    }
    await stretch(servers, generator, { ...plan, seconds: WARM_UP_SECONDS });
    return await stretch(servers, generator, plan);
  } finally {
    await Promise.all([...servers.map((server) => server.kill('SIGTERM')), generator.kill()]);
  }
}

async function stretch(servers: readonly Child<ServerCalls>[], generator: Child<GeneratorCalls>, plan: LoadPlan): Promise<LoadOutcome> {
  await generator.call.reset();
  for (const server of servers) await server.call.markCpu();
  const { published, latestMs } = await servers[0]!.call.run({ perSecond: plan.perSecond, seconds: plan.seconds, padTo: plan.padTo ?? 0 });
  const expected = Math.round(published * plan.clients * (plan.share ?? 1));
  const tally = await generator.call.settle(expected, QUIET_MS);
  const cpu = await sum(servers, (server) => server.call.cpuMicros());
  if (tally.closed > 0) throw new Error(`${plan.kind}: ${tally.closed} clients were closed`);
  return {
    delivered: tally.delivered,
    expected,
    perSecond: (tally.delivered / tally.elapsedMs) * 1000,
    cpuMicrosPerDelivery: cpu / tally.delivered,
    latenciesMs: tally.latenciesMs,
    disordered: tally.disordered,
    serverRss: await sum(servers, (server) => server.call.memory()),
    generatorLoad: tally.ownLoad,
    publisherLateMs: latestMs,
  };
}

async function sum(servers: readonly Child<ServerCalls>[], figure: (server: Child<ServerCalls>) => Promise<number>): Promise<number> {
  return (await Promise.all(servers.map(figure))).reduce((total, one) => total + one, 0);
}

export function pathOf(kind: ServerKind): string {
  return kind === 'socket.io' ? '/socket.io/?EIO=4&transport=websocket' : '/ws';
}

/** Header lines; clients of the engine are five in a hundred displays, the rest staff, each a user of its own. */
export function headersOf(kind: ServerKind): string[] {
  switch (kind) {
    case 'clms':
      return ['Authorization: Bearer client-{i}'];
    case 'clms-deflate':
      return ['Authorization: Bearer client-{i}', 'Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover'];
    case 'ws-deflate':
      return ['Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits'];
    default:
      return [];
  }
}

export function dialectPlan({ kind, filters }: Pick<LoadPlan, 'kind' | 'filters'>): DialectPlan {
  if (kind === 'socket.io') return { kind };
  return kind === 'clms' || kind === 'clms-deflate' ? { kind: 'clms', topics: ['activities'], filters: filters ?? [] } : { kind: 'plain' };
}
