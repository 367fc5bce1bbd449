// A dashboard under heavy traffic for a long time: does it grow, does it stutter, what does it cost? Prints a table; `npm run soak -- <minutes> <events per second>`.
import { cpus } from 'node:os';
import { Api } from '../api.ts';
import { openBrowser } from '../browser.ts';
import { morningZone } from '../morning-zone.ts';
import { enrol, openAllDays } from '../school.ts';
import { newScreen, signIn } from '../screens.ts';
import { dataFolder, startServer } from '../server-process.ts';
import { PageWatch } from './page-figures.ts';
import { startTraffic } from './traffic.ts';

const MINUTE_MS = 60_000;
const PUPILS = 240;
const STATIONS = 12;
const minutes = Number(process.argv[2] ?? 10);
const perSecond = Number(process.argv[3] ?? 50);
if (!(minutes >= 1) || !(perSecond >= 1)) {
  console.error('usage: npm run soak -- [minutes ≥ 1] [events per second ≥ 1]');
  process.exit(2);
}

const folder = dataFolder();
const server = await startServer(folder.path, { CLMS_TIMEZONE: morningZone(), CLMS_RATE_LIMIT: 'off', CLMS_LOG_LEVEL: 'warn', CLMS_ACCESS_TOKEN_TTL: '2h' });
const browser = await openBrowser();
try {
  const api = await Api.login(server.url);
  await openAllDays(api);
  await api.patch('/api/settings', { locations: [{ name: 'Main Library', capacity: 10 * PUPILS }] });
  const pupils = await enrol(api, PUPILS);
  const stations = await Promise.all(Array.from({ length: STATIONS }, (_, n) => api.created<{ id: string }>('/api/equipment', { name: `PC ${n + 1}`, type: 'COMPUTER', location: 'Main Library' })));
  const page = await newScreen(browser, server.url);
  const watch = await PageWatch.on(page);
  await signIn(page);
  await page.getByTestId('connection-chip').filter({ hasText: /Live/ }).waitFor();

  console.log(`${minutes} min at ${perSecond} events/s on ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${browser.version()}\n`);
  console.log('| minute | events | heap MB | DOM nodes | listeners | main thread busy | long tasks (longest ms) | long frames (longest ms) | chip |');
  console.log('| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |');
  const traffic = startTraffic(api, pupils, stations.map(({ id }) => id), perSecond);
  const startedAt = performance.now();
  let before = await watch.read();
  const heaps: number[] = [];
  for (let minute = 1; minute <= minutes; minute++) {
    await new Promise((resume) => setTimeout(resume, startedAt + minute * MINUTE_MS - performance.now()));
    const now = await watch.read();
    const chip = await page.getByTestId('connection-chip').getAttribute('title');
    heaps.push(now.heapBytes);
    const spans = ({ count, longestMs }: { readonly count: number; readonly longestMs: number }) => `${count} (${Math.round(longestMs)})`;
    console.log(`| ${minute} | ${traffic.made()} | ${(now.heapBytes / 2 ** 20).toFixed(1)} | ${now.domNodes} | ${now.listeners} | ${Math.round(((now.busySeconds - before.busySeconds) / 60) * 100)} % | ${spans(now.longTasks)} | ${spans(now.longFrames)} | ${chip} |`);
    before = now;
  }
  await traffic.stop();
  const [first, last] = [heaps[0]!, heaps.at(-1)!];
  console.log(`\nHeap from minute 1 to ${minutes}: ${((last / first - 1) * 100).toFixed(1)} %`);
} finally {
  await browser.close();
  await server.stop();
  folder.remove();
}
