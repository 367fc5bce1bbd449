import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { Api } from './api.ts';
import { openBrowser } from './browser.ts';
import { newScreen, says, signIn } from './screens.ts';
import { dataFolder, startServer, type ServerProcess } from './server-process.ts';

const csv = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

/** Lets a file go over the field, as a hand with a mouse does. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle<object>(`(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([${JSON.stringify(text)}], ${JSON.stringify(name)}, { type: 'text/csv' }));
    return transfer;
  })()`);
  await page.getByTestId('file-drop').dispatchEvent('drop', { dataTransfer });
}

describe('the imports page', () => {
  const folder = dataFolder();
  let server: ServerProcess;
  let browser: Browser;
  let api: Api;
  let page: Page;
  const outcome = () => page.getByTestId('import-outcome');
  const row = (text: string) => outcome().getByRole('row').filter({ hasText: text });
  const names = async () => (await api.get('/api/students')).body.items.map(({ schoolId, surname }: { schoolId: string; surname: string }) => `${schoolId} ${surname}`);

  beforeAll(async () => {
    server = await startServer(folder.path);
    api = await Api.login(server.url);
    browser = await openBrowser();
    page = await newScreen(browser, server.url);
    await signIn(page);
    await page.goto('/imports');
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    folder.remove();
  });

  it('[IMP2] [IMP3] takes a dropped file, shows what becomes of each row and what was repaired, and writes only then', async () => {
    await drop(page, 'roster.csv', 'User ID,Surname,First Name,Grade Level,Section\n2.0240012E+07,Cruz,Aya,GRADE 9,Narra\n20240013,Reyes,Ben,GRADE 99,Narra\n,Nobody,Nina,GRADE 1,Dao\n');
    await says(page.getByTestId('file-drop'), /roster\.csv/);
    await page.getByRole('button', { name: 'Preview', exact: true }).click();
    await says(outcome(), /1 New[\s\S]*1 To look at[\s\S]*1 Rejected/);
    await says(row('20240012'), /2\.0240012E\+07.*20240012/);
    await says(row('20240013'), /To look at/);
    await says(row('Rejected').last(), /no id/);
    expect(await names()).toEqual([]);

    await page.getByRole('button', { name: 'Write it' }).click();
    await says(outcome(), /Written: roster\.csv/);
    expect(await names()).toEqual(['20240012 Cruz', '20240013 Reyes']);
    await says(page.getByRole('region', { name: 'Latest' }), /roster\.csv[\s\S]*Written/);
  });

  it('[IMP1] asks which column is the id when it finds none, and reads the file as it is told', async () => {
    await page.locator('input[type=file]').setInputFiles(csv('list.csv', 'Pupil,Family name,First name\n0007,Abad,Kian\n'));
    await page.getByRole('button', { name: 'Preview', exact: true }).click();
    await says(page.getByRole('alert'), /No column was found for an id.*Say below/);
    const columns = page.getByTestId('import-columns');
    await columns.getByRole('combobox', { name: 'School id' }).click();
    await page.getByRole('option', { name: 'Pupil' }).click();
    await columns.getByRole('button', { name: 'Preview with these columns' }).click();
    await says(row('0007'), /New|To look at/);
    await page.getByRole('button', { name: 'Write it' }).click();
    await says(outcome(), /Written: list\.csv/);
    expect(await names()).toContain('0007 Abad');
  });

  it('[PPL3] says what to do when a whole-school file lacks too many, and shows the rows', async () => {
    await page.locator('input[type=file]').setInputFiles(csv('short.csv', 'User ID,Surname,First Name\n20240012,Cruz,Aya\n'));
    await page.getByRole('checkbox', { name: /It is the whole school/ }).check();
    await page.getByRole('button', { name: 'Preview', exact: true }).click();
    await says(outcome(), /2 deactivated/);
    await page.getByRole('button', { name: 'Write it' }).click();
    await says(page.getByRole('alert'), /2 people, 67 %.*tick “Even if that is more than a fifth”/);
    expect((await api.get('/api/students')).body.items.filter(({ active }: { active: boolean }) => active)).toHaveLength(3);
  });
});
