import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { Api } from './api.ts';
import { openBrowser } from './browser.ts';
import { counts } from './counts.ts';
import { CuttableLine } from './cuttable-line.ts';
import { morningZone } from './morning-zone.ts';
import { enrol, openAllDays, type Pupil } from './school.ts';
import { Dashboard, newScreen, says, shows, signIn } from './screens.ts';
import { dataFolder, startServer, type ServerProcess } from './server-process.ts';
import { WireWatch } from './wire-watch.ts';

// Each test finds a live dashboard, does to its computer what happens to computers, and checks somebody in meanwhile.
describe('a dashboard that is interrupted', () => {
  const folder = dataFolder();
  let server: ServerProcess;
  let browser: Browser;
  let line: CuttableLine;
  let api: Api;
  let pupils: readonly Pupil[];
  let inside = 0;
  let dashboard: Dashboard;
  let wire: WireWatch;

  const someoneComes = async (): Promise<void> => {
    const { body } = await api.post('/api/scans', { barcode: pupils[inside]!.barcode, station: 'door' });
    expect(body.result).toBe('CHECKED_IN');
    inside++;
  };
  const open = async (prepare: (page: Dashboard['page']) => Promise<unknown> = async () => undefined): Promise<void> => {
    const page = await newScreen(browser, line.url);
    await prepare(page);
    wire = new WireWatch(page);
    await signIn(page);
    dashboard = new Dashboard(page);
    await dashboard.live();
    await page.evaluate('globalThis.notReloaded = true');
  };
  const showsEverybody = async (): Promise<void> => {
    await dashboard.live();
    await shows(dashboard.metric('occupancy'), inside);
    for (const { surname, givenName } of pupils.slice(0, inside)) await says(dashboard.activity, `${surname}, ${givenName}`);
    await counts(dashboard.activity.getByRole('listitem'), inside);
    expect(await dashboard.page.evaluate('globalThis.notReloaded')).toBe(true);
  };

  beforeAll(async () => {
    server = await startServer(folder.path, { CLMS_TIMEZONE: morningZone() });
    api = await Api.login(server.url);
    await openAllDays(api);
    pupils = await enrol(api, 16);
    browser = await openBrowser({ backForwardCache: true });
  });
  beforeEach(async () => {
    line = await CuttableLine.to(server.url);
  });
  afterEach(async () => {
    await dashboard?.page.context().close();
    line?.close();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    folder.remove();
  });

  it('[CL2] [CL4] by a cable: says since when, keeps its figures, and catches up', async () => {
    await open();
    await someoneComes();
    await showsEverybody();
    line.cut();
    await says(dashboard.page.getByTestId('connection-chip'), /Offline since \d\d:\d\d/);
    await someoneComes();
    await shows(dashboard.metric('occupancy'), inside - 1);
    line.plugIn();
    await showsEverybody();
  });

  it('[CL3] by the browser going offline and online: back within seconds', async () => {
    await open();
    line.cut();
    await dashboard.page.context().setOffline(true);
    await says(dashboard.page.getByTestId('connection-chip'), /Offline since/);
    await someoneComes();
    line.plugIn();
    await dashboard.page.context().setOffline(false);
    await showsEverybody();
  });

  it('[CL3] by sleep: ten minutes pass at once, the old socket is dead without knowing it, and a new one takes its place', async () => {
    await open((page) => page.clock.install());
    await showsEverybody();
    line.goDead();
    await someoneComes();
    line.plugIn({ endOld: false });
    const before = wire.sockets.length;
    await dashboard.page.clock.fastForward('10:00');
    await showsEverybody();
    expect(wire.sockets.length).toBeGreaterThan(before);
  });

  it('[CL3] by being frozen in the background: what it missed is there when it is thawed', async () => {
    await open();
    const devtools = await dashboard.page.context().newCDPSession(dashboard.page);
    await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
    await someoneComes();
    await devtools.send('Page.setWebLifecycleState', { state: 'active' });
    await showsEverybody();
  });

  it('[CL3] by the back-forward cache: the page comes back as it was left, and catches up', async () => {
    await open();
    const { page } = dashboard;
    await page.evaluate('addEventListener("pageshow", (event) => { globalThis.persisted = event.persisted; })');
    await page.goto('/api/docs');
    await someoneComes();
    await page.goBack({ waitUntil: 'commit' });
    await showsEverybody();
    expect(await page.evaluate('globalThis.persisted')).toBe(true);
  });

  it('[CL3] by timers that fire once a minute, as in a hidden tab: the connection is not taken for dead, and events still come', async () => {
    // Timers of more than a second wait for the next full minute; what the server sends wakes the page all the same.
    await open((page) => page.addInitScript(`{
      const original = globalThis.setTimeout.bind(globalThis);
      globalThis.throttle = false;
      globalThis.setTimeout = (run, ms, ...more) => original(run, globalThis.throttle && ms > 1000 ? 60_000 : ms, ...more);
      Object.defineProperty(document, 'hidden', { get: () => globalThis.throttle });
      Object.defineProperty(document, 'visibilityState', { get: () => (globalThis.throttle ? 'hidden' : 'visible') });
    }`));
    await dashboard.page.evaluate('globalThis.throttle = true; document.dispatchEvent(new Event("visibilitychange"))');
    const before = wire.sockets.length;
    await someoneComes();
    await shows(dashboard.metric('occupancy'), inside);
    await dashboard.page.evaluate('globalThis.throttle = false; document.dispatchEvent(new Event("visibilitychange"))');
    await showsEverybody();
    expect(wire.sockets.length).toBe(before);
  });

  it('[POS3] by a slow line: everything arrives in order, and is proven', async () => {
    await open();
    line.delay(400);
    await someoneComes();
    await someoneComes();
    await showsEverybody();
  });
});
