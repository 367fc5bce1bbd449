import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { Api } from './api.ts';
import { openBrowser } from './browser.ts';
import { CuttableLine } from './cuttable-line.ts';
import { morningZone } from './morning-zone.ts';
import { scanCard } from './scanner.ts';
import { enrol, openAllDays, type Pupil } from './school.ts';
import { Dashboard, keepsApp, pairScreen, says } from './screens.ts';
import { dataFolder, startServer, type ServerProcess } from './server-process.ts';

const CARDS = 30;
const ALL_SENT = /Live · verified \d\d:\d\d:\d\d(?!.*kept)/;

interface Visit {
  readonly studentId: string;
  readonly checkedInAt: string;
  readonly checkedOutAt: string | null;
}

describe('a kiosk whose network cable is pulled', () => {
  const folder = dataFolder();
  let server: ServerProcess;
  let browser: Browser;
  let line: CuttableLine;
  let api: Api;
  let pupils: readonly Pupil[];
  let kiosk: Page;
  const chip = () => kiosk.getByTestId('connection-chip');
  const visitsOf = async (people: readonly Pupil[]): Promise<readonly Visit[]> => {
    const ids = new Set(people.map(({ id }) => id));
    return ((await api.get('/api/visits?limit=500')).body.items as Visit[]).filter(({ studentId }) => ids.has(studentId));
  };

  beforeAll(async () => {
    server = await startServer(folder.path, { CLMS_TIMEZONE: morningZone() });
    api = await Api.login(server.url);
    await openAllDays(api);
    pupils = await enrol(api, CARDS + 2);
    line = await CuttableLine.to(server.url);
    browser = await openBrowser();
    const { code } = await api.created('/api/devices', { name: 'Door', role: 'KIOSK', station: 'door', location: 'Main Library' });
    kiosk = await pairScreen(browser, line.url, 'kiosk', code);
    await keepsApp(kiosk);
  });
  afterAll(async () => {
    await browser?.close();
    line?.close();
    await server?.stop();
    folder.remove();
  });

  it('[CL5] counts a scan once although its answer was lost on the way', async () => {
    const pupil = pupils[CARDS]!;
    // Until the screen is live its own first questions are on the way, and would wait for their answers in the scan's place.
    await says(chip(), ALL_SENT);
    line.loseAnswers();
    await scanCard(kiosk, pupil.barcode);
    await expect.poll(() => visitsOf([pupil]), { timeout: 30_000 }).toHaveLength(1);
    await says(kiosk.getByTestId('kiosk'), /Thank you\. Noted \d/);
    line.cut();
    await says(chip(), /Offline since .*1 scan kept/);
    line.plugIn();
    await says(chip(), ALL_SENT);
    expect(await visitsOf([pupil])).toEqual([expect.objectContaining({ checkedOutAt: null })]);
  });

  it('[SCN4] [CL5] keeps thirty cards through a reload without a server, and each becomes one visit at its own time', async () => {
    const librarian = await Dashboard.open(browser, server.url);
    line.cut();
    const scanned: { readonly from: number; readonly to: number }[] = [];
    for (const { barcode } of pupils.slice(0, CARDS)) {
      const from = Date.now();
      await scanCard(kiosk, barcode);
      scanned.push({ from, to: Date.now() });
    }
    await says(kiosk.getByTestId('kiosk'), /Thank you\. Noted \d/);
    await says(chip(), new RegExp(`Offline since .*${CARDS} scans kept`));
    expect(await visitsOf(pupils.slice(0, CARDS))).toEqual([]);

    // Its computer starts again, with nobody there to answer: the kiosk comes up, still knows the cards, and takes another one.
    await kiosk.reload();
    await says(kiosk.getByTestId('kiosk'), 'Scan your card');
    await says(chip(), new RegExp(`Offline.*${CARDS} scans kept`));
    await scanCard(kiosk, pupils[CARDS + 1]!.barcode);
    await says(kiosk.getByTestId('kiosk'), /Thank you\. Noted \d/);

    const pluggedInAt = Date.now();
    line.plugIn();
    await says(chip(), ALL_SENT);
    await expect.poll(async () => (await visitsOf(pupils)).length, { timeout: 60_000 }).toBe(CARDS + 2);

    // The librarian sees who came in the meantime, each at the time of the card and not of the cable.
    for (const { surname, givenName } of pupils.slice(0, CARDS)) await says(librarian.activity, `${surname}, ${givenName}`);
    const shownAt = await librarian.activity.getByRole('listitem').getByRole('time').evaluateAll((times) => times.map((time) => time.getAttribute('datetime')));
    expect(shownAt).toEqual(expect.arrayContaining((await visitsOf(pupils)).map(({ checkedInAt }) => checkedInAt)));

    const visits = new Map((await visitsOf(pupils.slice(0, CARDS))).map((visit) => [visit.studentId, visit]));
    expect(visits.size).toBe(CARDS);
    pupils.slice(0, CARDS).forEach(({ id }, index) => {
      const { checkedInAt, checkedOutAt } = visits.get(id)!;
      const { from, to } = scanned[index]!;
      const at = Date.parse(checkedInAt);
      expect(checkedOutAt).toBeNull();
      // The browser reads the scan a moment after the keys; never as late as the cable.
      expect(at).toBeGreaterThanOrEqual(from);
      expect(at).toBeLessThan(Math.min(to + 1_000, pluggedInAt));
    });
    expect((await api.get('/api/dashboard')).body.metrics.occupancy).toBe(CARDS + 2);
    await says(chip(), ALL_SENT);
  });
});
