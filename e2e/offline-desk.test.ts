import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { Api } from './api.ts';
import { openBrowser } from './browser.ts';
import { CuttableLine } from './cuttable-line.ts';
import { morningZone } from './morning-zone.ts';
import { scanCard } from './scanner.ts';
import { enrol, openAllDays, type Pupil } from './school.ts';
import { keepsApp, newScreen, says, signIn } from './screens.ts';
import { dataFolder, startServer, type ServerProcess } from './server-process.ts';

describe('the desk while the server is away', () => {
  const folder = dataFolder();
  let server: ServerProcess;
  let browser: Browser;
  let line: CuttableLine;
  let api: Api;
  let pupils: readonly Pupil[];
  let page: Page;
  const chip = () => page.getByTestId('connection-chip');
  const strip = (barcodeOrName: string) => page.getByTestId('scan-strip').getByRole('listitem').filter({ hasText: barcodeOrName });
  const nameOf = ({ surname, givenName }: Pupil) => `${surname}, ${givenName}`;

  beforeAll(async () => {
    server = await startServer(folder.path, { CLMS_TIMEZONE: morningZone() });
    api = await Api.login(server.url);
    await openAllDays(api);
    pupils = await enrol(api, 4);
    line = await CuttableLine.to(server.url);
    browser = await openBrowser();
    page = await newScreen(browser, line.url);
    await signIn(page);
    await page.goto('/desk');
    await says(chip(), /Live/);
    await keepsApp(page);
  });
  afterAll(async () => {
    await browser?.close();
    line?.close();
    await server?.stop();
    folder.remove();
  });

  it('[CL5] takes scans, comes up after a reload, and shows what became of each once the server is back', async () => {
    const [aya, ben, carla] = pupils as [Pupil, Pupil, Pupil];
    line.cut();
    await scanCard(page, aya.barcode);
    await says(strip(aya.barcode), 'Kept, not sent yet');
    await scanCard(page, ben.barcode);
    await says(chip(), /Offline since .*2 scans kept/);

    await page.reload();
    await says(page.getByRole('main'), /The server is away; scanning goes on/);
    await says(strip(ben.barcode), 'Kept, not sent yet');
    await scanCard(page, carla.barcode);
    await says(chip(), /Offline.*3 scans kept/);

    line.plugIn();
    for (const pupil of [aya, ben, carla]) await says(strip(nameOf(pupil)), 'Checked in');
    await says(chip(), /Live · verified \d\d:\d\d:\d\d(?!.*kept)/);
    const visits = (await api.get('/api/visits')).body.items as { studentId: string }[];
    expect(visits.map(({ studentId }) => studentId).toSorted()).toEqual([aya.id, ben.id, carla.id].toSorted());
  });

  it('[EMG2] has the roll-call of the last contact after a reload, with its time, and keeps the ticks until they can be sent', async () => {
    const [aya, ben, carla] = pupils as [Pupil, Pupil, Pupil];
    const alarm = await api.created<{ id: string }>('/api/emergencies', { severity: 'HIGH', message: 'Fire drill' });
    await page.goto('/emergency');
    const row = (pupil: Pupil) => page.getByRole('listitem').filter({ hasText: nameOf(pupil) });
    await says(row(aya), 'Not ticked');
    line.cut();
    await says(page.getByRole('main'), /The server is away.*the list as of \d\d:\d\d:\d\d/s);
    await page.getByRole('button', { name: `${nameOf(aya)} is safe` }).click();
    await says(row(aya), /Safe · not sent yet/);

    await page.reload();
    await says(page.getByRole('main'), /the list as of \d\d:\d\d:\d\d.*1 tick is kept/s);
    await says(row(aya), /Safe · not sent yet/);
    await says(row(carla), 'Not ticked');
    await page.getByRole('button', { name: `${nameOf(ben)} is missing` }).click();
    await says(page.getByRole('main'), /2 ticks are kept/);

    line.plugIn();
    await says(row(ben), /Missing · by head/);
    await says(row(aya), /Safe · by head/);
    const { rollCall } = (await api.get('/api/emergencies/active')).body.items[0];
    expect(Object.fromEntries(rollCall.map(({ personId, state }: { personId: string; state: string }) => [personId, state]))).toEqual({ [aya.id]: 'SAFE', [ben.id]: 'MISSING', [carla.id]: 'UNACCOUNTED' });

    // After the all-clear the names are not on this computer any more.
    await api.created(`/api/emergencies/${alarm.id}/all-clear`, {});
    await says(page.getByRole('main'), /Lately/);
    expect(await page.evaluate('localStorage.getItem("clms.emergency.staff")')).toBeNull();
  });
});
