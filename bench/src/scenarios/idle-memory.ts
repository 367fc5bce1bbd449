import { startChild } from '../call-channel.ts';
import type { GeneratorCalls } from '../generator/generator-main.ts';
import { dialectPlan, GENERATOR_FILE, headersOf, pathOf, SERVER_FILE } from '../run-load.ts';
import type { Scenario } from '../scenario.ts';
import type { ServerKind } from '../servers/bench-server.ts';
import type { ServerCalls } from '../servers/serve-load.ts';
import { median } from '../statistics.ts';

const CONNECTIONS = 10_000;
const QUICK_CONNECTIONS = 2000;
/** Opened first and not counted: code, pools and tables that the first connections grow are not the price of a connection. */
const WARM_UP = 500;
const MOST_KB = 12;
const TOPICS = ['activities', 'equipment', 'dashboard'];

export const idleMemory: Scenario = {
  name: 'idle-memory',
  title: '10,000 idle connections: memory of each on the server',
  async run(options, say) {
    const rows = [];
    const kilobytes: Partial<Record<ServerKind, number>> = {};
    for (const kind of ['clms', 'ws', 'socket.io'] as const) {
      const outcomes: number[] = [];
      for (let run = 0; run < options.runs; run++) outcomes.push(await perConnection(kind, options.quick ? QUICK_CONNECTIONS : CONNECTIONS));
      kilobytes[kind] = median(outcomes);
      say(`${kind}: ${kilobytes[kind].toFixed(1)} KB`);
      rows.push({ what: kind === 'clms' ? 'CLMS, authenticated, 3 subscriptions' : kind, figures: { 'KB per connection': Number(kilobytes[kind].toFixed(1)) } });
    }
    return { rows, verdicts: [{ bar: `at most ${MOST_KB} KB`, measured: `${kilobytes.clms!.toFixed(1)} KB`, holds: kilobytes.clms! <= MOST_KB }] };
  },
};

async function perConnection(kind: ServerKind, count: number): Promise<number> {
  const server = startChild<ServerCalls>(SERVER_FILE, ['--expose-gc']);
  const generator = startChild<GeneratorCalls>(GENERATOR_FILE);
  try {
    const port = await server.call.start(kind);
    const dialect = kind === 'clms' ? { kind, topics: TOPICS, filters: [] } : dialectPlan({ kind });
    const plan = { port, path: pathOf(kind), dialect, headers: headersOf(kind), sampleEvery: 0 };
    await generator.call.connect({ ...plan, first: 0, count: WARM_UP });
    const before = await server.call.memory();
    await generator.call.connect({ ...plan, first: WARM_UP, count });
    return ((await server.call.memory()) - before) / count / 1000;
  } finally {
    await Promise.all([server.kill(), generator.kill()]);
  }
}
