import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { Api } from './api.ts';
import { openBrowser } from './browser.ts';
import { CuttableLine } from './cuttable-line.ts';
import { enrol } from './school.ts';
import { newScreen, says, signIn } from './screens.ts';
import { dataFolder, startServer, type ServerProcess } from './server-process.ts';

const ANA = { username: 'ana', password: 'a long enough password' };

describe('forms', () => {
  const folder = dataFolder();
  let server: ServerProcess;
  let browser: Browser;
  let line: CuttableLine;
  let api: Api;
  let page: Page;
  const dialog = () => page.getByRole('dialog');
  const chip = (screen = page) => screen.getByTestId('connection-chip');

  beforeAll(async () => {
    server = await startServer(folder.path);
    api = await Api.login(server.url);
    await enrol(api, 2);
    await api.created('/api/users', { ...ANA, role: 'ADMIN', displayName: 'Ana' });
    await api.created('/api/equipment', { name: 'PC 1', type: 'COMPUTER', location: 'Main Library', barcode: 'EQ-1' });
    line = await CuttableLine.to(server.url);
    browser = await openBrowser();
    page = await newScreen(browser, line.url);
    await signIn(page);
    await says(chip(), /Live/);
  });
  afterAll(async () => {
    await browser?.close();
    line?.close();
    await server?.stop();
    folder.remove();
  });

  it('say beside the field what is wrong with it', async () => {
    await page.goto('/users');
    await page.getByRole('button', { name: 'Add an account' }).click();
    await dialog().getByLabel('Username').fill('two words');
    await dialog().getByLabel(/^Password/).fill('a long enough password');
    await dialog().getByRole('button', { name: 'Save' }).click();
    const username = dialog().getByLabel('Username');
    await says(dialog().getByRole('alert'), /marked field/);
    expect(await username.getAttribute('aria-invalid')).toBe('true');
    await username.fill('ana');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await says(dialog(), /already a user "ana"/);
    await page.keyboard.press('Escape');
    await page.goto('/equipment');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await dialog().getByLabel('Name').fill('PC 1');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await says(dialog(), /Another item has this name/);
    await page.keyboard.press('Escape');
  });

  it('make one thing of a double click', async () => {
    await page.goto('/people');
    await page.getByRole('button', { name: 'Add a person' }).click();
    await dialog().getByLabel('Surname').fill('Quizon');
    await dialog().getByLabel('Given name').fill('Dolly');
    await dialog().getByLabel('School id').fill('0099');
    await dialog().getByRole('button', { name: 'Save' }).dblclick();
    await dialog().waitFor({ state: 'hidden' });
    await says(page.getByRole('main'), /Quizon, Dolly/);
    expect((await api.post('/api/students/search', { text: 'Quizon' })).body.items).toHaveLength(1);
    // A refused second request would say so.
    expect(await page.getByText('Not done').count()).toBe(0);
  });

  it('[CIR4] renew once by a double click in a list', async () => {
    const book = await api.created('/api/books', { barcode: '0001', title: 'The Lantern of an Island', collectionCode: 'FIC' });
    const pupil = (await api.post('/api/students/search', { text: 'Abad' })).body.items[0];
    const loan = await api.created('/api/loans', { bookId: book.id, studentId: pupil.id });
    await page.goto('/circulation?show=open');
    const asked: string[] = [];
    page.on('request', (request) => request.url().endsWith('/renew') && asked.push(request.url()));
    await page.getByRole('button', { name: 'Renew' }).dblclick();
    await says(page.getByText(/renewed until/), /Lantern/);
    expect(asked).toHaveLength(1);
    expect((await api.get(`/api/loans/${loan.id}`)).body.renewals).toBe(1);
  });

  it('keep what was typed when the network goes in the middle, and save it when it is back', async () => {
    await page.goto('/equipment');
    await says(chip(), /Live/);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await dialog().getByLabel('Name').fill('PC 2');
    line.cut();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await says(dialog().getByRole('alert'), /cannot be reached/);
    expect(await dialog().getByLabel('Name').inputValue()).toBe('PC 2');
    line.plugIn();
    await says(chip(), /Live/);
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().waitFor({ state: 'hidden' });
    await says(page.getByTestId('station-card'), /PC 2/);
  });

  it('[CHT2] show who edits the same, keep what was typed when the other saves first, and let one take theirs', async () => {
    const other = await newScreen(browser, server.url);
    await signIn(other, ANA);
    for (const screen of [page, other]) await screen.goto('/settings');
    await says(page.getByRole('main'), /ana is editing the settings/i);
    await says(other.getByRole('main'), /head is editing the settings/i);
    await page.getByLabel('Name', { exact: false }).first().fill('The Old Mill Library');
    await other.getByLabel('Name', { exact: false }).first().fill('The New Mill Library');
    await other.getByRole('button', { name: 'Save' }).click();
    await says(other.getByText('Saved'), 'Saved');
    await page.getByRole('button', { name: 'Save' }).click();
    await says(page.getByRole('main'), /Somebody else saved this in the meantime/);
    const name = page.getByLabel('Name', { exact: false }).first();
    expect(await name.inputValue()).toBe('The Old Mill Library');
    await page.getByRole('button', { name: /Show what was saved/ }).click();
    expect(await name.inputValue()).toBe('The New Mill Library');
    await name.fill('The Old Mill Library');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(async () => (await api.get('/api/settings')).body.venueName).toBe('The Old Mill Library');
    await other.context().close();
  });

  it('[AUTH4] whose session ends in the middle lead to the sign-in, which says so, and back to the page', async () => {
    const other = await newScreen(browser, server.url);
    await signIn(other, ANA);
    await other.goto('/circulation?show=holds');
    await says(chip(other), /Live/);
    const ana = (await api.get('/api/users')).body.items.find((user: { username: string }) => user.username === 'ana');
    await api.patch(`/api/users/${ana.id}`, { password: 'another long password' });
    await says(other.getByRole('main'), /Your session has ended/);
    await other.getByLabel('Username').fill('ana');
    await other.getByLabel(/^Password/).fill('another long password');
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.waitForURL(/circulation\?show=holds/);
    await says(other.getByRole('main'), /Nobody waits for a book/);
    await other.context().close();
  });
});
