import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { morningZone } from './morning-zone.ts';
import { Dashboard, DESKTOP, signIn } from './screens.ts';
import { dataFolder, startServer, type ServerProcess } from './server-process.ts';
import { WireWatch } from './wire-watch.ts';

const root = resolve(import.meta.dirname, '..');

describe('the app as its developers run it', () => {
  const folder = dataFolder();
  const build = mkdtempSync(join(tmpdir(), 'clms-e2e-build-'));
  let server: ServerProcess;
  let browser: Browser;

  beforeAll(async () => {
    // React mounts everything twice under StrictMode in its development build alone.
    const vite = [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--mode', 'development', '--minify', 'false', '--outDir', build, '--logLevel', 'warn'];
    const { status, stderr } = spawnSync(process.execPath, vite, { cwd: join(root, 'apps/web'), env: { ...process.env, NODE_ENV: 'development' }, encoding: 'utf8' });
    if (status !== 0) throw new Error(`the development build failed: ${stderr}`);
    server = await startServer(folder.path, { CLMS_TIMEZONE: morningZone() });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    folder.remove();
    rmSync(build, { recursive: true, force: true });
  });

  it('[CL9] opens one socket and subscribes to each topic once, though StrictMode mounts every component twice', async () => {
    // A document that a test hands in comes from nowhere, and the browser asks before it may speak to this computer.
    const context = await browser.newContext({ baseURL: server.url, viewport: DESKTOP, locale: 'en', serviceWorkers: 'block', permissions: ['local-network-access'] });
    const page = await context.newPage();
    // The development build takes the place of the server's own; all else is the server's.
    await page.route(/\/assets\//, (route) => route.fulfill({ path: join(build, new URL(route.request().url()).pathname) }));
    await page.route(/\/(login)?(\?.*)?$/, (route) => (route.request().resourceType() === 'document' ? route.fulfill({ path: join(build, 'index.html') }) : route.fallback()));
    const spoken: string[] = [];
    page.on('console', (message) => spoken.push(message.text()));
    const wire = new WireWatch(page);
    await signIn(page);
    await new Dashboard(page).live();
    // React itself says that this is its development build.
    expect(spoken.join()).toContain('React DevTools');
    expect(wire.sockets).toHaveLength(1);
    const topics = wire.sent.filter(({ type }) => type === 'subscribe').map(({ data }) => String(data?.['topic']));
    expect(topics.length).toBeGreaterThanOrEqual(4);
    expect(topics).toEqual([...new Set(topics)]);
    expect(wire.count('unsubscribe')).toBe(0);
  });
});
