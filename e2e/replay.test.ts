import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { Api } from './api.ts';
import { openBrowser } from './browser.ts';
import { enrol, type Pupil } from './school.ts';
import { plannedDay, SCANS_OF_THE_DAY } from './school-day.ts';
import { Dashboard, shows } from './screens.ts';
import { dataFolder, startServer, type ServerProcess } from './server-process.ts';

/** No daylight saving time: a local time is an instant by subtraction. */
const ZONE = 'Asia/Manila';
const ZONE_OFFSET_MS = 8 * 3_600_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const PUPILS = 140;

describe('a day of a real school, replayed', () => {
  const folder = dataFolder();
  let server: ServerProcess;
  let browser: Browser;
  let api: Api;
  let pupils: readonly Pupil[];
  let dashboard: Dashboard;
  /** Local midnight of the day of the replay. */
  let midnight: number;
  const moveClock = async (byMs: number): Promise<number> => Date.parse((await api.post('/api/test/clock', { advance: `PT${(byMs / 1000).toFixed(3)}S` })).body.now);
  const moveTo = async (minuteOfDay: number): Promise<void> => {
    const byMs = midnight + minuteOfDay * MINUTE_MS - (await moveClock(0));
    if (byMs > 0) await moveClock(byMs);
  };

  beforeAll(async () => {
    server = await startServer(folder.path, { CLMS_TIMEZONE: ZONE, CLMS_TEST_CLOCK: 'on' });
    api = await Api.login(server.url);
    const hours = [{ open: '07:30', close: '17:00' }];
    await api.patch('/api/calendar', { openingHours: { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: hours, sun: hours } });
    await api.patch('/api/settings', { locations: [{ name: 'Main Library', capacity: 2 * PUPILS }] });
    pupils = await enrol(api, PUPILS);
    const now = await moveClock(0);
    midnight = (Math.floor((now + ZONE_OFFSET_MS) / DAY_MS) + 1) * DAY_MS - ZONE_OFFSET_MS;
    await moveTo(7 * 60 + 30);
    browser = await openBrowser();
    dashboard = await Dashboard.open(browser, server.url);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    folder.remove();
  });

  it('[SCN2] [SCN3] [ATT1] [ATT2] [DSH1] ends with one truth on the screen, in the API and in the database', async () => {
    const day = plannedDay(PUPILS);
    expect(day).toHaveLength(SCANS_OF_THE_DAY);
    const results: string[] = [];
    for (const { minute, pupil } of day) {
      await moveTo(minute);
      results.push((await api.post('/api/scans', { barcode: pupils[pupil]!.barcode, station: 'door' })).body.result);
    }
    expect(results).toEqual(day.map(({ expected }) => expected));

    const checkIns = results.filter((result) => result === 'CHECKED_IN').length;
    const inside = checkIns - results.filter((result) => result === 'CHECKED_OUT').length;
    expect((await api.get('/api/dashboard')).body.metrics).toMatchObject({ occupancy: inside, visitsToday: checkIns });
    await shows(dashboard.metric('occupancy'), inside);
    await shows(dashboard.metric('today'), checkIns);
    expect((await api.get('/api/visits?open=true&limit=500')).body.items).toHaveLength(inside);

    await moveTo(17 * 60 + 1);
    await shows(dashboard.metric('occupancy'), 0);
    expect((await api.get('/api/dashboard')).body.metrics).toMatchObject({ occupancy: 0, visitsToday: checkIns });

    expect(await server.stop()).toBe(0);
    const database = new DatabaseSync(join(folder.path, 'clms.db'), { readOnly: true });
    try {
      expect(database.prepare('select count(*) as visits, count(distinct "personId") as people, sum("checkedOutAt" is null) as open, sum("endedBy" = \'CLOSING\') as closed from visits').get()).toEqual({
        visits: checkIns, people: new Set(day.filter(({ expected }) => expected === 'CHECKED_IN').map(({ pupil }) => pupil)).size, open: 0, closed: inside,
      });
      expect(database.prepare('select count(*) as scans from scans').get()).toEqual({ scans: SCANS_OF_THE_DAY });
      expect(database.prepare('select count(*) as overlapping from visits a join visits b on a."personId" = b."personId" and a.id <> b.id and a."checkedInAt" < b."checkedOutAt" and b."checkedInAt" < a."checkedOutAt"').get()).toEqual({ overlapping: 0 });
    } finally {
      database.close();
    }
  });
});
