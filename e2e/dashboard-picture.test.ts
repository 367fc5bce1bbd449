import { mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { morningZone } from './morning-zone.ts';
import { Dashboard, says } from './screens.ts';
import { dataFolder, startServer, type ServerProcess } from './server-process.ts';

const LARGEST_BYTES = 300_000;
/** The README's picture is renewed on purpose only: CLMS_UPDATE_SCREENSHOT=1. */
const target = process.env['CLMS_UPDATE_SCREENSHOT'] === '1' ? resolve(import.meta.dirname, '../docs/images/dashboard.png') : join(import.meta.dirname, 'artifacts/dashboard.png');

describe('the demo', () => {
  const folder = dataFolder();
  let demo: ServerProcess;
  let browser: Browser;

  beforeAll(async () => {
    demo = await startServer(folder.path, { CLMS_TIMEZONE: morningZone() }, ['demo', '--speed', '60']);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
    folder.remove();
  });

  it('shows whoever signs in with what it prints a library at work', async () => {
    const account = () => /Sign in +(\S+) \/ (\S+)/.exec(demo.output());
    await expect.poll(account, { timeout: 60_000 }).not.toBeNull();
    const [, username, password] = account()!;
    const dashboard = await Dashboard.open(browser, demo.url, { username: username!, password: password! });
    await says(dashboard.metric('occupancy'), /^[2-9]\d$/);
    await says(dashboard.metric('sessions'), /^[4-9]|\d\d$/);
    await expect.poll(() => dashboard.activity.getByRole('listitem').count(), { timeout: 60_000 }).toBeGreaterThan(20);
    // Somebody has come and gone: the traffic is on its way.
    await says(dashboard.activity, /out after/);
    await dashboard.live();
    mkdirSync(dirname(target), { recursive: true });
    await dashboard.page.screenshot({ path: target });
    expect(statSync(target).size).toBeLessThan(LARGEST_BYTES);
  });
});
