import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { Api } from './api.ts';
import { openBrowser } from './browser.ts';
import { counts } from './counts.ts';
import { morningZone } from './morning-zone.ts';
import { enrol, openAllDays, type Pupil } from './school.ts';
import { Dashboard, says, shows } from './screens.ts';
import { ADMIN, dataFolder, startServer, type ServerProcess } from './server-process.ts';

const LIBRARIAN = { username: 'ana', password: 'another long password' };
const LONGEST_DRAIN_MS = 15_000;
const portOf = (url: string): string => new URL(url).port;

describe('a server restarted under two dashboards', () => {
  const folder = dataFolder();
  let server: ServerProcess;
  let browser: Browser;
  let api: Api;
  let pupils: readonly Pupil[];
  let dashboards: readonly Dashboard[];
  const everywhere = (check: (dashboard: Dashboard) => Promise<unknown>) => Promise.all(dashboards.map(check));
  const checkIn = async (pupil: Pupil) => expect((await api.post('/api/scans', { barcode: pupil.barcode, station: 'door' })).body.result).toBe('CHECKED_IN');

  beforeAll(async () => {
    server = await startServer(folder.path, { CLMS_TIMEZONE: morningZone() });
    api = await Api.login(server.url);
    await openAllDays(api);
    pupils = await enrol(api, 8);
    await api.created('/api/users', { ...LIBRARIAN, role: 'LIBRARIAN' });
    browser = await openBrowser();
    dashboards = await Promise.all([ADMIN, LIBRARIAN].map((account) => Dashboard.open(browser, server.url, account)));
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    folder.remove();
  });

  it('[DRAIN1] ends with 0 within 15 s of SIGTERM, and the screens say since when they are offline', async () => {
    for (const pupil of pupils.slice(0, 3)) await checkIn(pupil);
    await everywhere((dashboard) => shows(dashboard.metric('occupancy'), 3));
    await everywhere((dashboard) => dashboard.page.evaluate(() => void Object.assign(globalThis, { notReloaded: true })));
    const startedAt = performance.now();
    expect(await server.stop('SIGTERM')).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(LONGEST_DRAIN_MS);
    await everywhere(async (dashboard) => {
      await says(dashboard.page.getByTestId('connection-chip'), /Offline since/);
      await shows(dashboard.metric('occupancy'), 3);
    });
  });

  it('[SUB6] [CL4] brings them back live by themselves, with what happened before they were back', async () => {
    server = await startServer(folder.path, { CLMS_TIMEZONE: morningZone(), CLMS_HTTP_PORT: portOf(server.url), CLMS_WS_PORT: portOf(server.wsUrl) });
    for (const pupil of pupils.slice(3, 6)) await checkIn(pupil);
    await everywhere(async (dashboard) => {
      await dashboard.live();
      await shows(dashboard.metric('occupancy'), 6);
      for (const { surname, givenName } of pupils.slice(0, 6)) await says(dashboard.activity, `${surname}, ${givenName}`);
      await counts(dashboard.activity.getByRole('listitem'), 6);
      expect(await dashboard.page.evaluate(() => 'notReloaded' in globalThis)).toBe(true);
    });
    for (const pupil of pupils.slice(6)) await checkIn(pupil);
    await everywhere((dashboard) => shows(dashboard.metric('occupancy'), 8));
    expect((await api.get('/api/dashboard')).body.metrics).toMatchObject({ occupancy: 8, visitsToday: 8 });
  });

  it('[SUB6] loses nothing when the server is killed instead', async () => {
    await server.stop('SIGKILL');
    server = await startServer(folder.path, { CLMS_TIMEZONE: morningZone(), CLMS_HTTP_PORT: portOf(server.url), CLMS_WS_PORT: portOf(server.wsUrl) });
    expect((await api.post(`/api/visits/${(await api.get('/api/visits?open=true')).body.items[0].id}/checkout`)).status).toBe(200);
    await everywhere(async (dashboard) => {
      await dashboard.live();
      await shows(dashboard.metric('occupancy'), 7);
      await counts(dashboard.activity.getByRole('listitem'), 9);
    });
  });
});
