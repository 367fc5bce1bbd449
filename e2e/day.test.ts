import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Locator, Page } from 'playwright-core';
import { Api } from './api.ts';
import { openBrowser } from './browser.ts';
import { counts } from './counts.ts';
import { minuteOfDayIn, morningZone } from './morning-zone.ts';
import { scanCard } from './scanner.ts';
import { enrol, openAllDays, type Pupil } from './school.ts';
import { newScreen, pairScreen, says, shows, signIn } from './screens.ts';
import { dataFolder, startServer, type ServerProcess } from './server-process.ts';

const ANA = { username: 'ana', password: 'another long password' };
/** Minutes of the venue's day: after the last hour that `morningZone` gives. */
const CLOSES = 13 * 60;

// One day from opening to closing, through the pages alone: each test goes on where the one before ended.
describe('a day at the library', () => {
  const folder = dataFolder();
  let server: ServerProcess;
  let browser: Browser;
  let api: Api;
  let pupils: readonly Pupil[];
  let head: Page;
  let ana: Page;
  let kiosk: Page;
  const zone = morningZone();
  const go = async (page: Page, path: string): Promise<void> => {
    await page.goto(path);
    await says(page.getByTestId('connection-chip'), /Live/);
  };
  const advance = async (duration: string) => expect((await api.post('/api/test/clock', { advance: duration })).status).toBe(200);
  const row = (page: Page, text: string): Locator => page.getByRole('row').filter({ hasText: text });
  const strip = (page: Page) => page.getByTestId('scan-strip').getByRole('listitem').first();
  /** Presses a button that acts when held, until what it does is to be seen. */
  const hold = async (page: Page, name: RegExp, seen: Locator, words: RegExp): Promise<void> => {
    await page.getByRole('button', { name }).hover();
    await page.mouse.down();
    await says(seen, words);
    await page.mouse.up();
  };
  const download = async (page: Page, name: string): Promise<string> => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name, exact: true }).click()]);
    return readFile(await file.path(), 'utf8');
  };
  const done = (page: Page, words: RegExp) => says(page.getByRole('alert'), words);

  beforeAll(async () => {
    server = await startServer(folder.path, { CLMS_TIMEZONE: zone, CLMS_TEST_CLOCK: 'on' });
    api = await Api.login(server.url);
    await openAllDays(api);
    pupils = await enrol(api, 6);
    for (const [barcode, title, collectionCode] of [['0001', 'The Lantern of an Island', 'FIC'], ['0002', 'A Map of Small Boats', 'FIC'], ['0003', 'Atlas for the Table', 'REF']]) {
      await api.created('/api/books', { barcode, title, author: 'Nobody, N.', collectionCode });
    }
    await api.created('/api/equipment', { name: 'PC 1', type: 'COMPUTER', location: 'Main Library' });
    browser = await openBrowser();
    head = await newScreen(browser, server.url);
    await signIn(head);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    folder.remove();
  });

  it('begins with an account for a colleague, a kiosk with its code, and a key for the school portal', async () => {
    await go(head, '/users');
    await head.getByRole('button', { name: 'Add an account' }).click();
    const account = head.getByRole('dialog');
    await account.getByLabel('Username').fill(ANA.username);
    await account.getByLabel('Name', { exact: true }).fill('Ana');
    await account.getByRole('textbox', { name: 'Password' }).fill(ANA.password);
    await account.getByRole('button', { name: 'Save' }).click();
    await says(row(head, 'Ana'), /Librarian/);
    ana = await newScreen(browser, server.url);
    await signIn(ana, ANA);
    await says(ana.getByTestId('connection-chip'), /Live/);

    await go(head, '/devices');
    await head.getByRole('button', { name: 'Add a device' }).click();
    await head.getByRole('dialog').getByLabel('Name').fill('Door');
    await head.getByRole('button', { name: 'Get the code' }).click();
    kiosk = await pairScreen(browser, server.url, 'kiosk', (await head.getByRole('dialog').locator('output').innerText()).trim());
    await says(kiosk.getByTestId('kiosk'), 'Scan your card');
    await says(head.getByRole('dialog'), /Paired: Door is at work/);
    await head.getByRole('button', { name: 'Done' }).click();
    await says(row(head, 'Door'), /Paired/);

    await go(head, '/server');
    await head.getByRole('button', { name: 'Make a key' }).click();
    await head.getByRole('dialog').getByLabel('Name').fill('School portal');
    await head.getByRole('button', { name: 'Make it' }).click();
    const key = (await head.getByRole('dialog').locator('pre').innerText()).trim();
    await head.getByRole('button', { name: 'Done' }).click();
    const told = { target: { topic: 'system' }, type: 'system_update', data: { id: 'portal-1', category: 'STATUS', message: 'Portal is there', timestamp: new Date().toISOString() } };
    expect((await new Api(server.url, key).post('/api/realtime/publish', told)).status).toBeLessThan(300);
    await row(head, 'School portal').getByRole('button', { name: 'Revoke' }).click();
    await head.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await done(head, /opens nothing any more/);
    expect((await new Api(server.url, key).post('/api/realtime/publish', told)).status).toBe(401);
  });

  it('[SCN3] [CIR1] takes a card and then a book at the desk, and a lent book alone comes back and says who waits for it', async () => {
    const [aya, ben] = pupils as [Pupil, Pupil];
    await go(ana, '/desk');
    await scanCard(ana, aya.barcode);
    await says(ana.getByRole('region', { name: 'Person' }), /Abad, Aya[\s\S]*Inside since/);
    await scanCard(ana, '0001');
    await says(ana.getByRole('region', { name: 'What next' }), /Lent[\s\S]*The Lantern of an Island[\s\S]*Due/);
    await says(ana.getByRole('region', { name: 'Person' }), /The Lantern of an Island/);

    await go(head, '/circulation?show=holds');
    await head.getByRole('button', { name: 'Place a hold' }).click();
    const hold = head.getByRole('dialog');
    await hold.getByRole('combobox', { name: 'For' }).fill(ben.surname);
    await head.getByRole('option', { name: /Bautista, Ben/ }).click();
    await hold.getByRole('combobox', { name: 'Title' }).fill('Lantern');
    await head.getByRole('option', { name: /The Lantern/ }).click();
    await hold.getByRole('button', { name: 'Place the hold' }).click();
    await says(row(head, 'The Lantern'), /Bautista, Ben[\s\S]*Number 1 in line/);

    // More than two minutes: from there on the desk's clock, which has not heard of the jump, is corrected.
    await advance('PT3M');
    await scanCard(ana, '0001');
    await says(ana.getByRole('region', { name: 'What next' }), /Returned[\s\S]*Bautista/);
    await says(row(head, 'The Lantern'), /Ready until/);
  });

  it('[CIR4] renews from the list; a refused loan says who decided it and is made with a reason', async () => {
    await scanCard(ana, pupils[2]!.barcode);
    await says(ana.getByRole('region', { name: 'Person' }), /Castro, Carla/);
    await scanCard(ana, '0002');
    await says(ana.getByRole('region', { name: 'What next' }), /Lent/);
    await go(head, '/circulation?show=open');
    const loan = row(head, 'A Map of Small Boats');
    const due = await loan.getByRole('cell').first().innerText();
    await loan.getByRole('button', { name: 'Renew' }).click();
    await done(head, /renewed until/);
    await expect.poll(() => loan.getByRole('cell').first().innerText()).not.toBe(due);

    await scanCard(ana, '0003');
    const next = ana.getByRole('region', { name: 'What next' });
    await says(next, /Not possible[\s\S]*Decided by the collection of this book/);
    await next.getByLabel('Reason').fill('For the science fair');
    await next.getByRole('button', { name: 'Lend anyway' }).click();
    await done(ana, /Atlas for the Table.* lent until/);
    await go(head, '/audit');
    await head.getByRole('combobox', { name: 'What' }).click();
    await head.getByRole('option', { name: 'Loan override' }).click();
    await says(head.getByTestId('audit'), /For the science fair/);
  });

  it('[EQP2] [EQP4] starts a station by key, extends it and ends it', async () => {
    await ana.keyboard.press('s');
    const dialog = ana.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Station' }).click();
    await ana.getByRole('option', { name: /PC 1/ }).click();
    await dialog.getByLabel('Minutes').fill('20');
    await dialog.getByRole('button', { name: 'Start' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await go(head, '/equipment');
    const card = head.getByTestId('station-card').filter({ hasText: 'PC 1' });
    await says(card, /Castro, Carla[\s\S]*20 min/);
    await card.getByRole('button', { name: '+15 min' }).click();
    await says(card, /35 min/);
    await card.getByRole('button', { name: 'End' }).click();
    await says(card, /Free/);
    await says(ana.getByRole('region', { name: 'Person' }), /Station\s*None/);
  });

  it('[ATT1] [ATT3] takes a scan back, and moves a visit to another room in one step', async () => {
    await scanCard(ana, pupils[3]!.barcode);
    await says(strip(ana), /Dizon, Dino[\s\S]*Checked in/);
    await strip(ana).getByRole('button', { name: 'Undo' }).click();
    await says(strip(ana), /Taken back/);
    await says(ana.getByRole('region', { name: 'Person' }), /Not inside/);

    await go(head, '/visits');
    await row(head, 'Abad, Aya').getByRole('button', { name: /Move/ }).click();
    await head.getByRole('menuitem', { name: 'AVR Room' }).click();
    await says(row(head, 'Abad, Aya'), /AVR Room/);
    await done(head, /Abad, Aya: now in AVR Room/);
    expect((await api.get('/api/visits?open=true')).body.items).toHaveLength(2);
  });

  it('[NOT1] [NOT2] sends a notice to one colleague and one to all, which is taken in the other browser', async () => {
    await go(head, '/notices');
    await head.getByRole('button', { name: 'Write a notice' }).click();
    const dialog = head.getByRole('dialog');
    await dialog.getByLabel('Title').fill('Water on the floor');
    await dialog.getByLabel('Message').fill('Beside PC 1.');
    await dialog.getByLabel('Title').press('Enter');
    await dialog.getByRole('switch', { name: 'Somebody has to take it' }).check({ force: true });
    await dialog.getByRole('button', { name: 'Send' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect((await api.get('/api/notifications')).body.items.filter(({ title }: { title: string }) => title === 'Water on the floor')).toHaveLength(1);

    await head.getByRole('button', { name: 'Write a notice' }).click();
    await dialog.getByLabel('Title').fill('For you alone');
    await dialog.getByLabel('Message').fill('Coffee?');
    for (let n = 0; n < 3; n++) await dialog.getByRole('combobox', { name: 'To', exact: true }).press('Backspace');
    await dialog.getByRole('combobox', { name: 'And to colleagues' }).click();
    await head.getByRole('option', { name: 'Ana' }).click();
    await head.keyboard.press('Escape');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await dialog.waitFor({ state: 'hidden' });

    await go(ana, '/notices');
    await says(ana.getByRole('listitem'), /For you alone/);
    await ana.getByRole('listitem').filter({ hasText: 'Water on the floor' }).getByRole('button', { name: 'I take it' }).click();
    await says(head.getByRole('listitem').filter({ hasText: 'Water on the floor' }), /taken by ana/i);
  });

  it('[EMG1] [EMG2] [EMG3] raises an alert by holding a button; two wardens tick against each other, and the all-clear ends it', async () => {
    await scanCard(kiosk, pupils[4]!.barcode);
    await says(kiosk.getByTestId('kiosk'), /Welcome, Ester/);
    await go(ana, '/emergency');
    await ana.getByRole('button', { name: 'Fire' }).click();
    await ana.getByRole('button', { name: /Hold to raise/ }).press('Enter');
    const roll = (page: Page) => page.getByRole('region', { name: 'Roll-call' });
    await hold(ana, /Hold to raise: Fire/, roll(ana), /Abad, Aya[\s\S]*Evangelista, Ester/);
    await says(kiosk.getByRole('alert'), /Fire\. Leave the building/);
    await head.getByRole('alert').getByRole('link', { name: 'Roll-call' }).click();

    const aya = (page: Page) => roll(page).getByRole('listitem').filter({ hasText: 'Abad, Aya' });
    await head.getByRole('button', { name: 'Abad, Aya is missing' }).click();
    await says(aya(ana), /Missing · by head/);
    await ana.getByRole('button', { name: 'Abad, Aya is safe' }).click();
    await says(aya(head), /Safe · by ana/);
    await says(roll(head), /Not ticked\s*2[\s\S]*Missing\s*0[\s\S]*Safe\s*1/);
    await head.getByLabel('Find in the roll-call').fill('ester');
    await counts(roll(head).getByRole('listitem'), 1);
    await head.getByLabel('Find in the roll-call').fill('');

    await head.emulateMedia({ media: 'print' });
    await roll(head).getByText(/Fire\. Leave the building.*raised .* by ana/).waitFor();
    expect(await head.getByRole('button', { name: 'Print' }).isVisible()).toBe(false);
    expect(await aya(head).isVisible()).toBe(true);
    await head.emulateMedia({ media: 'screen' });

    await hold(head, /all-clear/, head.getByRole('region', { name: 'Lately' }), /Fire[\s\S]*1 \/ 0 \/ 2/);
    await says(kiosk.getByTestId('kiosk'), 'Scan your card');
    await kiosk.getByRole('alert').waitFor({ state: 'hidden' });
  });

  it('[PRV2] finds a person by a key, shows what she did, exports it, and erases somebody only after typing', async () => {
    await go(ana, '/');
    await ana.keyboard.press('/');
    await ana.getByRole('combobox', { name: 'Search' }).fill('castro');
    await ana.getByRole('option', { name: /Castro, Carla/ }).waitFor();
    await ana.keyboard.press('Enter');
    await says(ana.getByRole('region', { name: 'Person' }), /Castro, Carla/);

    const [, , carla, dino] = pupils as [Pupil, Pupil, Pupil, Pupil];
    await go(head, `/people?id=${carla.id}`);
    await says(head.getByRole('region', { name: 'History' }), /Borrowed[\s\S]*Came in/);
    expect(JSON.parse(await download(head, 'Export'))).toMatchObject({ person: { id: carla.id } });

    await go(head, '/people');
    await head.getByLabel('Find people').fill('dizon');
    await head.getByRole('button', { name: 'Dizon, Dino' }).click();
    await head.getByRole('button', { name: 'Erase' }).click();
    const dialog = head.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('Asked by the parents');
    expect(await dialog.getByRole('button', { name: 'Erase for ever' }).isDisabled()).toBe(true);
    await dialog.getByLabel(/Type the school id/).fill(dino.barcode);
    await dialog.getByLabel(/Type the school id/).press('Enter');
    expect((await api.get(`/api/students/${dino.id}`)).body.surname).toBe('Dizon');
    await dialog.getByRole('button', { name: 'Erase for ever' }).click();
    await done(head, /Erased/);
    expect((await api.get(`/api/students/${dino.id}`)).body.surname).toBe('');
  });

  it('previews a rule before it counts, closes a day, closes a connection, and hands out the figures', async () => {
    await go(head, '/policies');
    const preview = head.getByTestId('policies-preview');
    const fiction = preview.getByRole('row').filter({ hasText: 'FIC' });
    const before = await fiction.innerText();
    await head.getByRole('textbox', { name: 'FIC' }).fill('14');
    await says(fiction, /now:/);
    expect(await fiction.innerText()).not.toBe(before);
    await head.getByRole('button', { name: 'Discard' }).click();
    await expect.poll(() => fiction.innerText()).toBe(before);

    await go(head, '/calendar');
    await head.getByRole('button', { name: 'Year after' }).click();
    await head.getByRole('button', { name: /^6 January \d+:/ }).click();
    await head.getByRole('dialog').getByText('Closed', { exact: true }).click();
    await head.getByRole('dialog').getByLabel('Reason').fill('Feast of the town');
    await head.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await head.getByRole('button', { name: /^6 January \d+: closed: Feast of the town/ }).waitFor();

    await go(head, '/connections');
    await row(head.getByTestId('connections').page(), 'ana').first().getByRole('button', { name: 'Close' }).click();
    await done(head, /A connection of ana was closed/);
    await says(ana.getByTestId('connection-chip'), /Live/);

    await go(head, '/analytics');
    await says(head.getByTestId('analytics'), /Figure|Visits/);
    const csv = (await download(head, 'CSV')).split(/\r?\n/);
    expect(csv[0]).toContain('visits');
    expect(csv.length).toBeGreaterThan(28);
  });

  it('[CAL2] [ATT2] announces the closing, and at closing everybody is out', async () => {
    const hours = [{ open: '00:00', close: '13:00' }];
    await api.patch('/api/calendar', { openingHours: { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: hours, sun: hours } });
    const now = new Date((await api.get('/api/dashboard')).body.timestamp as string);
    const left = CLOSES - minuteOfDayIn(zone, now);
    await advance(`PT${left - 25}M`);
    await says(kiosk.getByTestId('kiosk'), /[Cc]los/);
    await go(ana, '/');
    await says(ana.getByTestId('alert-list'), /[Cc]los/);
    await advance('PT26M');
    await shows(ana.getByTestId('metric-occupancy'), 0);
    await go(ana, '/visits?show=today');
    await says(row(ana, 'Castro, Carla'), /at closing/);
    await ana.getByText('Inside now').click();
    await says(ana.getByRole('main'), /Nobody is inside/);
  });
});
