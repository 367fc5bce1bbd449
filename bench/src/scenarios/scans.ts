import { WebSocket } from 'ws';
import { CONNECTIONS, LOCATION, ProductServer } from '../product/product-server.ts';
import type { Scenario } from '../scenario.ts';
import { median, percentile } from '../statistics.ts';

const PER_SECOND = 20;
const SECONDS = 10;
const CHECK_INS = 4000;
const MOST_P99_MS = 15;
const LEAST_CHECK_INS_PER_SECOND = 2000;
const MOST_START_MS = 1000;

export const scans: Scenario = {
  name: 'scans',
  title: 'The whole product: scans to screens, check-ins, start',
  async run(options, say) {
    const seconds = options.quick ? 2 : SECONDS;
    const checkIns = options.quick ? 1000 : CHECK_INS;
    const latencies: number[] = [];
    const rates: number[] = [];
    const starts: number[] = [];
    for (let run = 0; run < options.runs; run++) {
      const server = await ProductServer.start();
      try {
        starts.push(server.startMs);
        await server.signIn();
        const people = await server.prepare(PER_SECOND * seconds + checkIns);
        latencies.push(...(await scanToScreen(server, people.slice(0, PER_SECOND * seconds))));
        rates.push(await checkInRate(server, people.slice(PER_SECOND * seconds)));
        say(`p99 ${percentile(latencies, 99).toFixed(1)} ms, ${Math.round(rates.at(-1)!)} check-ins/s, started in ${Math.round(server.startMs)} ms`);
      } finally {
        await server.stop();
      }
    }
    const [p50, p99, rate, start] = [percentile(latencies, 50), percentile(latencies, 99), median(rates), median(starts)];
    return {
      rows: [
        { what: `scan → \`activity_update\` at a client, ${PER_SECOND}/s, SQLite`, figures: { 'p50 ms': one(p50), 'p99 ms': one(p99), 'max ms': one(percentile(latencies, 100)) } },
        { what: `check-ins over HTTP, ${CONNECTIONS} connections with one request at a time each, synced to disk, with outbox and events`, figures: { 'per second': Math.round(rate) } },
        { what: 'process start to `/health` 200, empty store', figures: { ms: Math.round(start) } },
      ],
      verdicts: [
        { bar: `scan to screen: p99 at most ${MOST_P99_MS} ms`, measured: `${p99.toFixed(1)} ms`, holds: p99 <= MOST_P99_MS },
        { bar: `at least ${LEAST_CHECK_INS_PER_SECOND.toLocaleString('en-US')} check-ins/s`, measured: `${Math.round(rate).toLocaleString('en-US')}/s`, holds: rate >= LEAST_CHECK_INS_PER_SECOND },
        { bar: `started within ${MOST_START_MS} ms`, measured: `${Math.round(start)} ms`, holds: start <= MOST_START_MS },
      ],
    };
  },
};

/** From sending the scan until the client has its event, in milliseconds. */
async function scanToScreen(server: ProductServer, people: readonly { readonly id: string; readonly barcode: string }[]): Promise<number[]> {
  const socket = new WebSocket(server.wsUrl, { headers: { Authorization: `Bearer ${server.token}` } });
  const sentAt = new Map<string, number>();
  const latencies: number[] = [];
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'subscribe', data: { topic: 'activities' } })));
    socket.on('message', (bytes) => {
      const { type, data } = JSON.parse(String(bytes)) as { type: string; data: { studentId?: string } };
      if (type === 'subscribed') void scanAll(server, people, sentAt).catch(reject);
      if (type !== 'activity_update') return;
      latencies.push(performance.now() - sentAt.get(data.studentId!)!);
      if (latencies.length === people.length) resolve();
    });
  });
  socket.terminate();
  return latencies;
}

async function scanAll(server: ProductServer, people: readonly { readonly id: string; readonly barcode: string }[], sentAt: Map<string, number>): Promise<void> {
  const answers = [];
  for (const { id, barcode } of people) {
    sentAt.set(id, performance.now());
    answers.push(server.call('POST', '/api/scans', { barcode, station: 'entrance' }).then(({ body }) => requireCheckIn(body.result)));
    await new Promise((resolve) => setTimeout(resolve, 1000 / PER_SECOND));
  }
  await Promise.all(answers);
}

/** Another answer has no event, and the wait for it no end. */
function requireCheckIn(result: string): void {
  if (result !== 'CHECKED_IN') throw new Error(`a scan was answered ${result}`);
}

async function checkInRate(server: ProductServer, people: readonly { readonly id: string }[]): Promise<number> {
  const started = performance.now();
  await Promise.all(people.map(({ id }) => server.call('POST', '/api/visits', { studentId: id, location: LOCATION })));
  return (people.length / (performance.now() - started)) * 1000;
}

function one(value: number): number {
  return Number(value.toFixed(1));
}
