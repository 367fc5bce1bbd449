import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { Api } from './api.ts';
import { openBrowser } from './browser.ts';
import { faultsOf } from './page-faults.ts';
import { scanCard } from './scanner.ts';
import { enrol } from './school.ts';
import { DESKTOP, newScreen, says, signIn } from './screens.ts';
import { dataFolder, startServer, type ServerProcess } from './server-process.ts';

const PHONE = { width: 360, height: 740 } as const;

/** A page and the button that opens a dialog on it. */
const DIALOGS = [
  ['/users', 'Add an account'], ['/devices', 'Add a device'], ['/server', 'Make a key'], ['/people', 'Add a person'], ['/notices', 'Write a notice'], ['/equipment', 'Add'], ['/equipment', 'Start'], ['/equipment', 'PC 1'],
  ['/circulation?show=holds', 'Place a hold'], ['/calendar', /^1 March/], ['/people?id=', 'Change'], ['/people?id=', 'Erase'],
] as const;

/** `g`, then this key. */
const GO = { e: '/equipment', k: '/desk', v: '/visits', c: '/circulation', p: '/people', n: '/notices', m: '/chat', z: '/analytics', r: '/emergency', s: '/exceptions', i: '/imports', a: '/audit', d: '/' } as const;

/** The outer tag of what has the focus, when nothing of it or around it tells so; else nothing. */
const LOOKS_THE_SAME_FOCUSED = `(() => {
  const focused = document.activeElement;
  if (focused === document.body) return '';
  for (const one of [focused, focused.parentElement]) one.style.transition = 'none';
  const look = () => [focused, focused.parentElement].map((one) => getComputedStyle(one)).map(({ outline, boxShadow, borderColor, backgroundColor }) => [outline, boxShadow, borderColor, backgroundColor].join()).join();
  const withFocus = look();
  focused.blur();
  const without = look();
  focused.focus();
  return withFocus === without ? focused.outerHTML.slice(0, 120) : '';
})()`;

describe('keys and dialogs', () => {
  const folder = dataFolder();
  let server: ServerProcess;
  let browser: Browser;
  let api: Api;
  let page: Page;
  let personId: string;
  const dialog = () => page.getByRole('dialog');
  const live = () => says(page.getByTestId('connection-chip'), /Live/);

  beforeAll(async () => {
    server = await startServer(folder.path);
    api = await Api.login(server.url);
    personId = (await enrol(api, 1))[0]!.id;
    await api.created('/api/equipment', { name: 'PC 1', type: 'COMPUTER', location: 'Main Library', barcode: 'EQ-1' });
    await api.created('/api/books', { barcode: '0001', title: 'The Lantern of an Island', collectionCode: 'FIC' });
    browser = await openBrowser();
    page = await newScreen(browser, server.url);
    await signIn(page);
    await live();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    folder.remove();
  });

  it('goes to the pages by g and a letter, lists the keys under ?, and searches under /', async () => {
    for (const [key, path] of Object.entries(GO)) {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await page.waitForURL((address) => address.pathname === path);
    }
    await page.keyboard.press('?');
    await says(dialog(), /Search people, books and pages/);
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
    await page.keyboard.press('/');
    await page.getByRole('combobox', { name: 'Search' }).fill('aba');
    await says(page.getByRole('option'), /Abad, Aya/);
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
  });

  it('[SCN1] takes a scan wherever the focus is, without pressing it, and leaves a field to whoever types in it', async () => {
    await page.goto('/calendar');
    await live();
    const year = page.getByText(String(new Date().getUTCFullYear()), { exact: true });
    await page.getByRole('button', { name: 'Year after' }).focus();
    const before = await year.count();
    await scanCard(page, 'EQ-1');
    await page.waitForURL((address) => address.pathname === '/desk');
    await says(page.getByTestId('scan-strip'), /PC 1/);
    await page.goBack();
    expect(await year.count()).toBe(before);

    await page.goto('/people');
    await live();
    await page.getByLabel('Find people').focus();
    await scanCard(page, '0020250000');
    expect(await page.getByLabel('Find people').inputValue()).toBe('0020250000');
    expect(new URL(page.url()).pathname).toBe('/people');
  });

  it('[CIR5] places one hold for two clicks', async () => {
    await page.goto('/circulation?show=holds');
    await live();
    await page.getByRole('button', { name: 'Place a hold' }).click();
    await dialog().getByRole('combobox', { name: 'For' }).fill('Abad');
    await page.getByRole('option', { name: /Abad, Aya/ }).click();
    await dialog().getByRole('combobox', { name: 'Title' }).click();
    await page.getByRole('option', { name: /Lantern/ }).click();
    await dialog().getByRole('button', { name: 'Place the hold' }).dblclick();
    await dialog().waitFor({ state: 'hidden' });
    await says(page.getByRole('row'), /The Lantern[\s\S]*Abad, Aya/);
    expect((await api.get('/api/holds')).body.items).toHaveLength(1);
    expect(await page.getByText('Not done').count()).toBe(0);
  });

  it('shows where the focus is, and leads past the navigation to the page', async () => {
    await page.goto('/settings');
    await live();
    const name = page.getByLabel(/^Name( \*)?$/);
    for (let presses = 0; presses < 60 && !(await name.evaluate((field) => field.ownerDocument.activeElement === field)); presses++) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate<string>(LOOKS_THE_SAME_FOCUSED)).toBe('');
    }
    expect(await name.evaluate((field) => field.ownerDocument.activeElement === field)).toBe(true);
  });

  it.for(DIALOGS)('a dialog is readable in both colour schemes and on a phone, and Escape closes it: %s %s', async ([path, button]) => {
    await page.goto(path.endsWith('=') ? path + personId : path);
    await live();
    await page.getByRole('button', { name: button, exact: typeof button === 'string' }).first().click();
    await dialog().waitFor();
    const light = await faultsOf(page);
    await page.setViewportSize(PHONE);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('html[data-mantine-color-scheme=dark]').waitFor();
    const dark = await faultsOf(page);
    await page.setViewportSize(DESKTOP);
    await page.emulateMedia({ colorScheme: 'light' });
    // A list that opened with its field takes the first Escape.
    if (await dialog().locator('[aria-expanded=true]').count()) await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
    expect({ light, dark }).toEqual({ light: [], dark: [] });
  });
});
