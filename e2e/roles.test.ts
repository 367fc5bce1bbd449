import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { Api } from './api.ts';
import { openBrowser } from './browser.ts';
import { complaintsOf } from './page-faults.ts';
import { enrol } from './school.ts';
import { newScreen, says, signIn } from './screens.ts';
import { dataFolder, startServer, type ServerProcess } from './server-process.ts';

const PASSWORD = 'a long enough password';
const FOR_STAFF = ['/', '/desk', '/equipment', '/visits', '/circulation', '/people', '/notices', '/chat', '/emergency', '/exceptions'];

describe('pages for a role', () => {
  const folder = dataFolder();
  let server: ServerProcess;
  let browser: Browser;

  beforeAll(async () => {
    server = await startServer(folder.path);
    const api = await Api.login(server.url);
    const [pupil] = await enrol(api, 1);
    await api.created('/api/scans', { barcode: pupil!.barcode, station: 'desk' });
    await api.created('/api/users', { username: 'sam', password: PASSWORD, role: 'STAFF' });
    await api.created('/api/users', { username: 'lia', password: PASSWORD, role: 'LIBRARIAN' });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    folder.remove();
  });

  it.for([
    ['sam', FOR_STAFF, '/users'],
    ['lia', [...FOR_STAFF.slice(0, 8), '/analytics', ...FOR_STAFF.slice(8), '/imports'], '/audit'],
  ] as const)('%s is led to what that role may see, meets no refusal there, and is told so elsewhere', async ([username, allowed, foreign]) => {
    const page = await newScreen(browser, server.url);
    const complaints = complaintsOf(page);
    await signIn(page, { username, password: PASSWORD });
    const links = page.getByRole('navigation', { name: 'Pages' }).first().getByRole('link');
    await links.first().waitFor();
    expect(await links.evaluateAll((found) => found.map((link) => link.getAttribute('href')))).toEqual(allowed);
    for (const path of allowed) {
      await page.goto(path, { waitUntil: 'networkidle' });
      await says(page.getByTestId('connection-chip'), /Live/);
      const inside = await page.getByRole('main').getByRole('link').evaluateAll((found) => found.map((link) => new URL((link as unknown as { href: string }).href).pathname));
      expect(inside.filter((to) => !allowed.includes(to))).toEqual([]);
    }
    expect(complaints).toEqual([]);
    await page.goto(foreign);
    await says(page.getByRole('main'), /for another role than yours/);
    await page.context().close();
  });
});
