import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { Api } from './api.ts';
import { openBrowser } from './browser.ts';
import { morningZone } from './morning-zone.ts';
import { scanCard } from './scanner.ts';
import { enrol, openAllDays, type Pupil } from './school.ts';
import { Dashboard, newScreen, pairScreen, says, shows } from './screens.ts';
import { ADMIN, dataFolder, startServer, type ServerProcess } from './server-process.ts';

const LIBRARIAN = { username: 'ana', password: 'another long password' };

// One library from its first minute on: each test goes on where the one before ended, as a day does.
describe('the first day of a library', () => {
  const folder = dataFolder();
  let server: ServerProcess;
  let browser: Browser;
  let api: Api;
  let pupils: readonly Pupil[];
  let kiosk: Page;
  let head: Dashboard;
  let ana: Dashboard;
  const both = (check: (dashboard: Dashboard) => Promise<unknown>) => Promise.all([head, ana].map(check));
  const advance = async (duration: string) => expect((await api.post('/api/test/clock', { advance: duration })).status).toBe(200);
  const result = () => kiosk.getByTestId('kiosk').getByRole('status').first();

  beforeAll(async () => {
    server = await startServer(folder.path, { CLMS_ADMIN_USERNAME: undefined, CLMS_ADMIN_PASSWORD: undefined, CLMS_TEST_CLOCK: 'on' });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    folder.remove();
  });

  it('begins with the code that the server prints: it makes the administrator and the venue, once', async () => {
    const code = /Setup code: (\S+)/.exec(server.output())?.[1];
    expect(code).toMatch(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/);
    const page = await newScreen(browser, server.url);
    await page.goto('/');
    await page.waitForURL('**/setup');
    await page.getByLabel('Setup code').fill(code!);
    await page.getByLabel('Name of the library').fill('Main Library');
    await page.getByRole('combobox', { name: 'Time zone' }).fill(morningZone());
    await page.getByRole('option', { name: morningZone(), exact: true }).click();
    await page.getByLabel('Your username').fill(ADMIN.username);
    await page.getByLabel('Your password').fill(ADMIN.password);
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('button', { name: 'Start empty' }).click();
    head = new Dashboard(page);
    await head.live();
    await shows(head.metric('occupancy'), 0);

    api = await Api.login(server.url);
    expect((await api.get('/api/settings')).body).toMatchObject({ venueName: 'Main Library', timezone: morningZone() });
    const again = { code, username: 'intruder', password: 'a long enough password', venueName: 'Mine', timezone: 'UTC' };
    expect((await new Api(server.url).post('/api/setup', again)).status).toBe(410);
  });

  it('takes people, a colleague and a kiosk that is paired by its code', async () => {
    await openAllDays(api);
    pupils = await enrol(api, 12);
    await api.created('/api/users', { ...LIBRARIAN, role: 'LIBRARIAN' });
    const { code } = await api.created('/api/devices', { name: 'Door', role: 'KIOSK', station: 'door', location: 'Main Library' });
    kiosk = await pairScreen(browser, server.url, 'kiosk', code);
    await says(kiosk.getByTestId('kiosk'), 'Scan your card');
    ana = await Dashboard.open(browser, server.url, LIBRARIAN);
    await both((dashboard) => shows(dashboard.metric('occupancy'), 0));
  });

  it('[SCN1] [DSH1] shows a card scanned at the door on every dashboard, with no reload', async () => {
    const [aya, ben] = pupils as [Pupil, Pupil];
    await both((dashboard) => dashboard.page.evaluate(() => void Object.assign(globalThis, { notReloaded: true })));
    await scanCard(kiosk, aya.barcode);
    await says(result(), /Welcome, Aya\. Checked in \d/);
    await both(async (dashboard) => {
      await says(dashboard.activity, /Abad, Aya/);
      await shows(dashboard.metric('occupancy'), 1);
      await shows(dashboard.metric('today'), 1);
    });

    const answer = await api.post('/api/scans', { barcode: ben.barcode, station: 'desk' });
    expect(answer.body).toMatchObject({ result: 'CHECKED_IN', visit: { studentId: ben.id } });
    await both(async (dashboard) => {
      await says(dashboard.activity, /Bautista, Ben/);
      await shows(dashboard.metric('occupancy'), 2);
      expect(await dashboard.page.evaluate(() => 'notReloaded' in globalThis)).toBe(true);
    });
    expect((await api.get('/api/dashboard')).body.metrics).toMatchObject({ occupancy: 2, visitsToday: 2 });
  });

  it('[SCN2] [SCN3] counts a card scanned again at once only once, says so in words, and checks out who leaves later', async () => {
    const [aya, , carla] = pupils as [Pupil, Pupil, Pupil];
    await scanCard(kiosk, carla.barcode);
    await says(result(), /Welcome, Carla/);
    await scanCard(kiosk, carla.barcode);
    await says(result(), /Welcome, Carla.*Already counted/s);
    expect((await api.post('/api/scans', { barcode: carla.barcode, station: 'door' })).body.result).toBe('ALREADY_COUNTED');
    await both((dashboard) => shows(dashboard.metric('occupancy'), 3));

    await advance('PT11M');
    await scanCard(kiosk, aya.barcode);
    await says(result(), /Goodbye, Aya\. Checked out \d/);
    await both(async (dashboard) => {
      await says(dashboard.activity, /out after 1[12] min/);
      await shows(dashboard.metric('occupancy'), 2);
      await shows(dashboard.metric('today'), 3);
    });
    const visits = (await api.get('/api/visits')).body.items.filter((visit: { studentId: string }) => visit.studentId === aya.id);
    expect(visits).toEqual([expect.objectContaining({ checkedOutAt: expect.any(String) })]);
  });

  it('[EQP1] [EQP2] shows a session started at the desk with the time it has left', async () => {
    const pc = await api.created('/api/equipment', { name: 'PC 1', type: 'COMPUTER', location: 'Main Library' });
    await both((dashboard) => says(dashboard.stations, /PC 1.*[Ff]ree/s));
    const desk = await ana.page.context().newPage();
    await desk.goto('/desk');
    await says(desk.getByTestId('connection-chip'), /Live/);
    await scanCard(desk, pupils[3]!.barcode);
    await desk.getByRole('button', { name: 'Start a station' }).click();
    const dialog = desk.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Station' }).click();
    await desk.getByRole('option', { name: /PC 1/ }).click();
    await dialog.getByLabel('Minutes').fill('20');
    await dialog.getByRole('button', { name: 'Start' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await both(async (dashboard) => {
      await says(dashboard.stations, /PC 1.*(19|20) min.*Dizon, Dino/s);
      await shows(dashboard.metric('sessions'), 1);
      await shows(dashboard.metric('occupancy'), 3);
    });
    expect((await api.get(`/api/equipment/${pc.id}`)).body.sessions).toHaveLength(1);
    await desk.close();
  });

  it('[EQP3] [EQP6] warns before the end, ends the session at its limit on every screen, and checks nobody out', async () => {
    await advance('PT16M');
    await both((dashboard) => says(dashboard.page.getByTestId('alert-list'), /PC 1 ends in [345] min|approaching time limit/));
    await advance('PT5M');
    await both(async (dashboard) => {
      await says(dashboard.stations, /PC 1.*[Ff]ree/s);
      await shows(dashboard.metric('sessions'), 0);
      await says(dashboard.activity, /PC 1 ended after 20 min/);
      await shows(dashboard.metric('occupancy'), 3);
      await dashboard.live();
    });
  });
});
