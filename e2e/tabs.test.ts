import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { Api } from './api.ts';
import { openBrowser } from './browser.ts';
import { counts } from './counts.ts';
import { morningZone } from './morning-zone.ts';
import { enrol, openAllDays, type Pupil } from './school.ts';
import { Dashboard, newScreen, says, shows, signIn } from './screens.ts';
import { dataFolder, startServer, type ServerProcess } from './server-process.ts';
import { WireWatch } from './wire-watch.ts';

const TABS = 15;

describe('the tabs of one browser', () => {
  const folder = dataFolder();
  let server: ServerProcess;
  let browser: Browser;
  let computer: BrowserContext;
  let api: Api;
  let pupils: readonly Pupil[];
  const wires = new Map<Page, WireWatch>();
  let tabs: Dashboard[];
  const connections = async (): Promise<number> => (await api.get('/api/websocket/status')).body.activeConnections as number;
  const leaders = () => tabs.filter(({ page }) => wires.get(page)!.sockets.some((socket) => !socket.isClosed()));

  beforeAll(async () => {
    server = await startServer(folder.path, { CLMS_TIMEZONE: morningZone() });
    api = await Api.login(server.url);
    await openAllDays(api);
    pupils = await enrol(api, 4);
    browser = await openBrowser();
    const first = await newScreen(browser, server.url);
    wires.set(first, new WireWatch(first));
    await signIn(first);
    computer = first.context();
    tabs = [new Dashboard(first)];
    await tabs[0]!.live();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    folder.remove();
  });

  it('[CL8] share one socket, however many they are, and all show what happens', async () => {
    while (tabs.length < TABS) {
      const page = await computer.newPage();
      wires.set(page, new WireWatch(page));
      // The lightest page: fifteen dashboards would be a test of the computer.
      await page.goto('/emergency');
      tabs.push(new Dashboard(page));
    }
    for (const tab of tabs) await tab.live();
    expect(await connections()).toBe(1);
    expect(leaders()).toHaveLength(1);
    await api.created('/api/scans', { barcode: pupils[0]!.barcode, station: 'door' });
    await shows(tabs[0]!.metric('occupancy'), 1);
  });

  it('[CL8] when the one with the socket is closed, another goes on from where all of them stood', async () => {
    // Two more dashboards than the first one: what they show is told by whoever has the socket.
    const watched = tabs.slice(-2);
    for (const { page } of watched) await page.goto('/');
    for (const tab of watched) await shows(tab.metric('occupancy'), 1);
    const [leader] = leaders();
    expect(watched).not.toContain(leader);
    await leader!.page.close();
    tabs = tabs.filter((tab) => tab !== leader);
    await api.created('/api/scans', { barcode: pupils[1]!.barcode, station: 'door' });
    for (const tab of tabs) await tab.live();
    for (const tab of watched) {
      await shows(tab.metric('occupancy'), 2);
      for (const { surname, givenName } of pupils.slice(0, 2)) await says(tab.activity, `${surname}, ${givenName}`);
      await counts(tab.activity.getByRole('listitem'), 2);
    }
    expect(await connections()).toBe(1);
    const [next] = leaders();
    const wire = wires.get(next!.page)!;
    const resumed: unknown[] = wire.sent.filter(({ type, data }) => type === 'subscribe' && data?.['since'] !== undefined).map(({ data }) => data!['topic']);
    // What it follows itself, and what only the dashboards do: all from where they stood.
    expect(resumed).toEqual(expect.arrayContaining(['emergency', 'inbox', 'notifications', 'activities', 'equipment', 'dashboard']));
    const lost = wire.received.filter(({ type, data }) => type === 'subscribed' && data?.['recovered'] === false).map(({ data }) => data!['topic']);
    // The server keeps no history of figures; it gives them as they are.
    expect(lost.filter((topic) => topic !== 'dashboard')).toEqual([]);
  });
});
