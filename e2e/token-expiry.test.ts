import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { Api } from './api.ts';
import { openBrowser } from './browser.ts';
import { counts } from './counts.ts';
import { morningZone } from './morning-zone.ts';
import { enrol, openAllDays, type Pupil } from './school.ts';
import { Dashboard, newScreen, says, shows, signIn } from './screens.ts';
import { dataFolder, startServer, type ServerProcess } from './server-process.ts';
import { WireWatch } from './wire-watch.ts';

const RENEWALS = 3;

describe('tokens that last for seconds', () => {
  const folder = dataFolder();
  let server: ServerProcess;
  let browser: Browser;
  let pupils: readonly Pupil[];

  beforeAll(async () => {
    server = await startServer(folder.path, { CLMS_TIMEZONE: morningZone(), CLMS_ACCESS_TOKEN_TTL: '6s' });
    const api = await Api.login(server.url);
    await openAllDays(api);
    pupils = await enrol(api, 40);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    folder.remove();
  });

  it('[AUTH1] [CL6] are renewed over the open socket: no reconnect, and no event is missed', async () => {
    const page = await newScreen(browser, server.url);
    const wire = new WireWatch(page);
    await signIn(page);
    const dashboard = new Dashboard(page);
    await dashboard.live();
    let scanned = 0;
    const deadline = performance.now() + 60_000;
    while (wire.count('authenticate') < RENEWALS) {
      if (performance.now() > deadline) throw new Error(`only ${wire.count('authenticate')} renewals in a minute`);
      if (scanned < pupils.length) {
        // A script's token is as short: it signs in for every card.
        const { body } = await (await Api.login(server.url)).post('/api/scans', { barcode: pupils[scanned]!.barcode, station: 'door' });
        expect(body.result).toBe('CHECKED_IN');
        scanned++;
      }
      await page.waitForTimeout(300);
    }
    await shows(dashboard.metric('occupancy'), scanned);
    for (const { surname, givenName } of pupils.slice(0, scanned)) await says(dashboard.activity, `${surname}, ${givenName}`);
    await counts(dashboard.activity.getByRole('listitem'), scanned);
    expect(wire.sockets.map((socket) => socket.isClosed())).toEqual([false]);
    // Each topic was asked for once: nothing had to be caught up with.
    const topics = wire.sent.filter(({ type }) => type === 'subscribe').length;
    expect(wire.received.filter(({ type }) => type === 'subscribed')).toHaveLength(topics);
    expect(wire.received.filter(({ type }) => type === 'authenticated').length).toBeGreaterThanOrEqual(RENEWALS - 1);
    await dashboard.live();
  });
});
