import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Response } from 'playwright-core';
import { Api } from './api.ts';
import { openBrowser } from './browser.ts';
import { morningZone } from './morning-zone.ts';
import { enrol, openAllDays } from './school.ts';
import { Dashboard, newScreen, shows, signIn } from './screens.ts';
import { dataFolder, startServer, type ServerProcess } from './server-process.ts';

/** Of all that a browser with an empty cache fetches until the dashboard is live. */
const LARGEST_BYTES = 250_000;

describe('the first load', () => {
  const folder = dataFolder();
  let server: ServerProcess;
  let browser: Browser;

  beforeAll(async () => {
    server = await startServer(folder.path, { CLMS_TIMEZONE: morningZone() });
    const api = await Api.login(server.url);
    await openAllDays(api);
    for (const { barcode } of await enrol(api, 12)) await api.created('/api/scans', { barcode, station: 'door' });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    folder.remove();
  });

  it('of the dashboard is small enough for a slow line', async () => {
    const first = await newScreen(browser, server.url);
    await signIn(first);
    const storageState = await first.context().storageState();
    await first.context().close();
    const context = await browser.newContext({ baseURL: server.url, storageState });
    const page = await context.newPage();
    const responses: Response[] = [];
    page.on('response', (response) => responses.push(response));
    await page.goto('/');
    const dashboard = new Dashboard(page);
    await dashboard.live();
    await shows(dashboard.metric('occupancy'), 12);
    const fetched = [...responses];
    const bytes = await Promise.all(fetched.map(async (response) => gzipSync(await response.body()).length));
    expect(fetched.some((response) => response.request().resourceType() === 'script')).toBe(true);
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(LARGEST_BYTES);
    await context.close();
  });
});
