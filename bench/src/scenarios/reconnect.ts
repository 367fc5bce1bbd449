import { fileURLToPath } from 'node:url';
import { startChild } from '../call-channel.ts';
import type { ResumeTally, ResumingCalls } from '../generator/resuming-main.ts';
import { SERVER_FILE } from '../run-load.ts';
import type { Scenario } from '../scenario.ts';
import type { ServerCalls } from '../servers/serve-load.ts';
import { median } from '../statistics.ts';

const FLEET_FILE = fileURLToPath(new URL('../generator/resuming-main.ts', import.meta.url));
const CLIENTS = 5000;
const QUICK_CLIENTS = 1000;
const PER_SECOND = 20;
/** Published after the restart and before anybody is back: every client has to get them by resuming. */
const MISSED = 50;
const MOST_MS = 10_000;
const PATIENCE_MS = 60_000;

export const reconnect: Scenario = {
  name: 'reconnect',
  title: '5,000 clients come back after the server was killed',
  async run(options, say) {
    const clients = options.quick ? QUICK_CLIENTS : CLIENTS;
    const tallies: ResumeTally[] = [];
    for (let run = 0; run < options.runs; run++) {
      tallies.push(await killAndReturn(clients));
      say(`all live after ${Math.round(tallies.at(-1)!.elapsedMs)} ms, lost ${tallies.at(-1)!.lost}`);
    }
    const elapsed = median(tallies.map((tally) => tally.elapsedMs));
    const lost = Math.max(...tallies.map((tally) => tally.lost));
    const whole = tallies.every((tally) => tally.live === clients && tally.atOffset === clients && tally.lost === 0 && tally.repeated === 0);
    return {
      rows: [{ what: `${clients.toLocaleString('en-US')} clients, ${MISSED} events missed by each`, figures: { 'until all are live, ms': Math.round(elapsed), 'events lost': lost, 'events repeated': Math.max(...tallies.map((tally) => tally.repeated)) } }],
      verdicts: [{ bar: `all live again with nothing lost within ${MOST_MS / 1000} s of the kill`, measured: `${(elapsed / 1000).toFixed(1)} s, ${lost} lost`, holds: whole && elapsed <= MOST_MS }],
    };
  },
};

/** Time runs from the kill: what the new process needs to start is part of it. */
async function killAndReturn(count: number): Promise<ResumeTally> {
  const fleet = startChild<ResumingCalls>(FLEET_FILE);
  let server = startChild<ServerCalls>(SERVER_FILE);
  try {
    const port = await server.call.start('clms');
    await fleet.call.open(port, count);
    await fleet.call.allLive(0, PATIENCE_MS);
    await server.call.run({ perSecond: PER_SECOND, seconds: 1, padTo: 0 });
    // What an application keeps in its own store survives; here it is carried over by hand.
    const kept = await server.call.history();
    await fleet.call.allLive(kept.events.length, PATIENCE_MS);
    const killed = performance.now();
    await server.kill();
    server = startChild<ServerCalls>(SERVER_FILE);
    await server.call.start('clms', { port, kept, missed: MISSED });
    const tally = await fleet.call.allLive(kept.events.length + MISSED, PATIENCE_MS);
    return { ...tally, elapsedMs: performance.now() - killed };
  } finally {
    await Promise.all([server.kill(), fleet.kill()]);
  }
}
