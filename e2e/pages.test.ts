import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { Api } from './api.ts';
import { openBrowser } from './browser.ts';
import { morningZone } from './morning-zone.ts';
import { enrol, openAllDays } from './school.ts';
import { DESKTOP, newScreen, pairScreen, says, signIn } from './screens.ts';
import { dataFolder, startServer, type ServerProcess } from './server-process.ts';

const PHONE = { width: 360, height: 740 } as const;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Two frames for what follows a change of the window, then the end of transitions: a colour on its way to another scheme is nobody's choice. */
const SETTLED = `new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))).then(() =>
  Promise.allSettled(document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity).map((one) => one.finished)))`;

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly target: readonly string[] }[];
}

/** What is wrong with the page as it stands, in words; an empty list is a good page. */
async function faultsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(SETTLED);
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  if (!(await page.evaluate<boolean>('"axe" in globalThis'))) await page.evaluate(AXE);
  const violations = await page.evaluate(async (): Promise<readonly Violation[]> => {
    const axe = (globalThis as unknown as { axe: { run(): Promise<{ violations: readonly Violation[] }> } }).axe;
    return (await axe.run()).violations;
  });
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return [...(overflow > 0 ? [`${overflow} px too wide`] : []), ...grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)];
}

/** Collects what the page complains about in its console. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  return complaints;
}

describe('every page', () => {
  const folder = dataFolder();
  let server: ServerProcess;
  let browser: Browser;
  let api: Api;

  beforeAll(async () => {
    server = await startServer(folder.path, { CLMS_TIMEZONE: morningZone() });
    api = await Api.login(server.url);
    await openAllDays(api);
    const [first, second] = await enrol(api, 5);
    await api.created('/api/students', { schoolId: '0020259999', surname: 'Dela Cruz-Villanueva y Montenegro', givenName: 'Maria Concepcion Esperanza', gradeLevel: '11', strand: 'STEM 1', section: 'Sampaguita' });
    for (const barcode of [first!.barcode, second!.barcode, '0020259999', 'nobody-has-this']) await api.created('/api/scans', { barcode, station: 'desk' });
    const pc = await api.created('/api/equipment', { name: 'PC 1', type: 'COMPUTER', location: 'Main Library' });
    await api.created('/api/equipment', { name: 'Study Room 2', type: 'STUDY_ROOM', location: 'Main Library', seats: 6 });
    await api.created(`/api/equipment/${pc.id}/sessions`, { studentId: first!.id, minutes: 20 });
    const book = await api.created('/api/books', { barcode: '0001', title: 'The invented history of a small island', author: 'Nobody, N.', collectionCode: 'FIC' });
    await api.created('/api/loans', { bookId: book.id, studentId: second!.id });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    folder.remove();
  });

  it('opens from the navigation with no complaint, nothing too wide and nothing grave for a screen reader, on a wide light screen and a dark phone', async () => {
    const page = await newScreen(browser, server.url);
    const complaints = complaintsOf(page);
    await signIn(page);
    await says(page.getByTestId('connection-chip'), /Live/);
    const paths = await page.getByRole('navigation', { name: 'Pages' }).first().getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href')!));
    expect(paths.length).toBeGreaterThanOrEqual(7);
    const faults: Record<string, readonly string[]> = {};
    for (const path of paths) {
      await page.goto(path, { waitUntil: 'networkidle' });
      await page.getByRole('main').waitFor();
      await says(page.getByTestId('connection-chip'), /Live/);
      for (const [viewport, colorScheme] of [[DESKTOP, 'light'], [PHONE, 'dark']] as const) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme });
        await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
        const found = [...(await faultsOf(page)), ...complaints.splice(0)];
        if (found.length > 0) faults[`${path} ${colorScheme}`] = found;
      }
      await page.setViewportSize(DESKTOP);
      await page.emulateMedia({ colorScheme: 'light' });
    }
    expect(faults).toEqual({});
    await page.context().close();
  });

  it.for(['kiosk', 'display'] as const)('is readable by everybody: %s', async (role) => {
    const { code } = await api.created('/api/devices', { name: role, role: role.toUpperCase(), station: role, location: 'Main Library' });
    const page = await pairScreen(browser, server.url, role, code);
    const complaints = complaintsOf(page);
    for (const viewport of [DESKTOP, PHONE]) {
      await page.setViewportSize(viewport);
      await page.reload();
      await says(page.getByTestId('connection-chip'), /Live/);
      expect([...(await faultsOf(page)), ...complaints]).toEqual([]);
    }
    await page.context().close();
  });
});
