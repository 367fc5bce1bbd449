import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { Api } from './api.ts';
import { openBrowser } from './browser.ts';
import { counts } from './counts.ts';
import { morningZone } from './morning-zone.ts';
import { complaintsOf, faultsOf, overflowOf } from './page-faults.ts';
import { enrol, openAllDays } from './school.ts';
import { DESKTOP, newScreen, pairScreen, says, shows, signIn } from './screens.ts';
import { dataFolder, startServer, type ServerProcess } from './server-process.ts';

const PHONE = { width: 360, height: 740 } as const;
/** What 200 % zoom leaves of a 1280 × 800 screen. */
const ZOOMED = { width: 640, height: 400 } as const;
const WALL = { width: 1920, height: 1080 } as const;
/** Sixty letters without a place to break. */
const SIXTY = 'Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewis';
const PATHS = [
  '/', '/desk', '/equipment', '/visits', '/circulation', '/people', '/notices', '/chat', '/analytics', '/emergency', '/exceptions', '/imports', '/users', '/devices', '/policies', '/calendar', '/settings', '/connections', '/audit', '/server',
];

describe('every page', () => {
  const folder = dataFolder();
  let server: ServerProcess;
  let browser: Browser;
  let api: Api;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    server = await startServer(folder.path, { CLMS_TIMEZONE: morningZone() });
    api = await Api.login(server.url);
    await openAllDays(api);
    const [first, second] = await enrol(api, 5);
    const long = await api.created('/api/students', { schoolId: '0020259999', surname: SIXTY, givenName: 'Maria Concepcion Esperanza', gradeLevel: '11', strand: 'STEM 1', section: SIXTY });
    for (const barcode of [first!.barcode, second!.barcode, '0020259999', 'nobody-has-this']) await api.created('/api/scans', { barcode, station: 'desk' });
    const pc = await api.created('/api/equipment', { name: 'PC 1', type: 'COMPUTER', location: 'Main Library' });
    await api.created('/api/equipment', { name: 'Study Room 2', type: 'STUDY_ROOM', location: 'Main Library', seats: 6 });
    await api.created(`/api/equipment/${pc.id}/sessions`, { studentId: long.id, minutes: 20 });
    const book = await api.created('/api/books', { barcode: '0001', title: `The invented history of ${SIXTY}`, author: 'Nobody, N.', collectionCode: 'FIC' });
    await api.created('/api/loans', { bookId: book.id, studentId: long.id });
    browser = await openBrowser();
    page = await newScreen(browser, server.url);
    complaints = complaintsOf(page);
    await signIn(page);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    folder.remove();
  });

  it('leads from the navigation to all of them', async () => {
    await says(page.getByTestId('connection-chip'), /Live/);
    const paths = await page.getByRole('navigation', { name: 'Pages' }).first().getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href')!));
    expect(paths).toEqual(PATHS);
  });

  it.for(PATHS)('%s opens with no complaint, nothing too wide and nothing grave for a screen reader: wide and light, on a dark phone, on a wall, zoomed to twice the size', async (path) => {
    complaints.length = 0;
    await page.goto(path, { waitUntil: 'networkidle' });
    await page.getByRole('main').waitFor();
    await says(page.getByTestId('connection-chip'), /Live/);
    const faults: Record<string, readonly string[]> = {};
    for (const [viewport, colorScheme] of [[DESKTOP, 'light'], [PHONE, 'dark']] as const) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
      faults[colorScheme] = await faultsOf(page);
    }
    for (const viewport of [ZOOMED, WALL]) {
      await page.setViewportSize(viewport);
      const wide = await overflowOf(page);
      faults[viewport.width] = wide > 0 ? [`${wide} px too wide`] : [];
    }
    await page.setViewportSize(DESKTOP);
    await page.emulateMedia({ colorScheme: 'light' });
    expect({ ...faults, complaints }).toEqual({ light: [], dark: [], [ZOOMED.width]: [], [WALL.width]: [], complaints: [] });
  });

  // A figure from one query and a list from another told two truths.
  it.for([['occupancy', 3], ['today', 3], ['books', 1], ['overdue', 0]] as const)('[DSH1] a figure of the dashboard opens the list that it counts, and both say the same: %s', async ([figure, count]) => {
    await page.goto('/');
    await shows(page.getByTestId(`metric-${figure}`), count);
    await page.getByTestId(`metric-${figure}`).click();
    await page.waitForURL((address) => address.pathname !== '/');
    const rows = page.getByRole('main').getByRole('table').locator('tbody').getByRole('row');
    if (count === 0) await says(page.getByRole('main'), /Nothing is overdue/);
    await counts(rows, count);
  });

  it.for(['kiosk', 'display'] as const)('is readable by everybody: %s', async (role) => {
    const { code } = await api.created('/api/devices', { name: role, role: role.toUpperCase(), station: role, location: 'Main Library' });
    const screen = await pairScreen(browser, server.url, role, code);
    const own = complaintsOf(screen);
    for (const viewport of [DESKTOP, PHONE]) {
      await screen.setViewportSize(viewport);
      await screen.reload();
      await says(screen.getByTestId('connection-chip'), /Live/);
      expect([...(await faultsOf(screen)), ...own]).toEqual([]);
    }
    await screen.context().close();
  });
});
