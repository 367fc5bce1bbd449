import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../src/domain/actor.ts';
import { createBook } from '../src/domain/books.ts';
import { createPerson } from '../src/domain/people.ts';
import type { ScanAnswer, ScanInput } from '../src/domain/scan-answer.ts';
import { scan } from '../src/domain/scans.ts';
import { ANA, KIOSK, openDesk, type Desk } from './desk.ts';

let desk: Desk;
let ayaId: string;
beforeEach(async () => {
  desk = await openDesk();
  ayaId = (await desk.run((unit) => createPerson(unit, { schoolId: '20240012', surname: 'Cruz', givenName: 'Aya Belle', gradeLevel: '9', section: 'ST. RITA' }))).id;
  await desk.run((unit) => createPerson(unit, { schoolId: '20240013', surname: 'Reyes', givenName: 'Marco' }));
});
afterEach(() => desk.close());

const read = (barcode: string, more: Partial<ScanInput> = {}, actor: Actor = KIOSK): Promise<ScanAnswer> => desk.run((unit) => scan(unit, { barcode, station: 'door', ...more }), actor);
const wait = (minutes: number) => desk.clock.advance(minutes * 60_000);
const visits = () => desk.runner.db.selectFrom('visits').selectAll().orderBy('checkedInAt').execute();
const exceptions = () => desk.runner.db.selectFrom('scanExceptions').select(['kind', 'barcode', 'station']).execute();
const published = (type: string) => desk.events.filter((event) => event.type === 'activity_update' && (event.data as { activityType: string }).activityType === type);

it('[SCN1] what is nothing but asterisks is listed as it was read', async () => {
  expect((await read(' ** ')).result).toBe('UNKNOWN');
  expect(await exceptions()).toEqual([{ kind: 'UNKNOWN_BARCODE', barcode: '**', station: 'door' }]);
});

describe('a card at the door', () => {
  it('[SCN3] checks in, says "already in" within five minutes, and checks out after', async () => {
    expect((await read('20240012')).result).toBe('CHECKED_IN');
    wait(4);
    expect(await read('20240012')).toMatchObject({ result: 'ALREADY_INSIDE', message: 'Already in since 10:30, Aya.' });
    wait(1);
    expect((await read('20240012')).result).toBe('CHECKED_OUT');
    expect((await visits()).map((visit) => visit.endedBy)).toEqual(['SCAN']);
    expect(published('CHECK_OUT').map((event) => (event.data as { duration: number }).duration)).toEqual([300]);
  });

  it('[SCN3] follows an intent against the habit', async () => {
    expect((await read('20240012', { intent: 'CHECK_OUT' })).code).toBe('NOT_INSIDE');
    expect((await read('20240012', { intent: 'CHECK_IN' })).result).toBe('CHECKED_IN');
    wait(30);
    expect((await read('20240012', { intent: 'CHECK_IN' })).result).toBe('ALREADY_INSIDE');
    expect((await read('20240012', { intent: 'CHECK_OUT' })).result).toBe('CHECKED_OUT');
  });

  it('[PRV1] tells a device given name and initial, and staff the whole card', async () => {
    const atDoor = await read('20240012');
    expect(atDoor.person).toEqual({ name: 'Aya C.' });
    expect(JSON.stringify(atDoor)).not.toMatch(/Cruz|person_|visit_|20240012/);
    wait(10);
    expect((await read('20240012', { station: 'desk' }, ANA)).person).toMatchObject({ id: ayaId, name: 'Cruz, Aya Belle', section: 'ST. RITA' });
  });

  it('[ATT3] says full at 100 %, and lets nobody in', async () => {
    await desk.close();
    desk = await openDesk({ settings: { locations: [{ name: 'Main Library', capacity: 1 }] } });
    for (const schoolId of ['1001', '1002']) await desk.run((unit) => createPerson(unit, { schoolId, surname: 'S', givenName: 'G' }));
    await read('1001');
    expect((await read('1002')).result).toBe('LOCATION_FULL');
    expect(await visits()).toHaveLength(1);
  });
});

describe('one scan or two', () => {
  it('[SCN2] answers the same card within 10 s with the first result, and counts it once', async () => {
    const first = await read('20240012');
    desk.clock.advance(10_000);
    expect(await read('20240012')).toEqual({ ...first, result: 'ALREADY_COUNTED' });
    expect((await read('20240013')).result).toBe('CHECKED_IN');
    expect(published('CHECK_IN')).toHaveLength(2);
  });

  it('[SCN2] measures from the first reading, so that a card left on the scanner counts again', async () => {
    await read('20240012');
    desk.clock.advance(8_000);
    expect((await read('20240012')).result).toBe('ALREADY_COUNTED');
    desk.clock.advance(8_000);
    expect((await read('20240012')).result).toBe('ALREADY_INSIDE');
  });

  it('[SCN2] recognises a value that the scanner doubled, also within the window', async () => {
    expect((await read('2024001220240012')).result).toBe('CHECKED_IN');
    expect((await read('20240012')).result).toBe('ALREADY_COUNTED');
    expect((await read('2024001220240012')).result).toBe('ALREADY_COUNTED');
  });

  it('[SCN2] keeps stations apart', async () => {
    await read('20240012');
    expect((await read('20240012', { station: 'avr' })).result).toBe('ALREADY_INSIDE');
  });

  it('[SCN1] reads barcodes without case, blanks around and Code 39 asterisks, and lists what it does not know', async () => {
    expect((await read('*20240012*\r')).result).toBe('CHECKED_IN');
    expect((await read('20249999')).message).toContain("a pupil's card");
    expect(await exceptions()).toEqual([{ kind: 'UNKNOWN_BARCODE', barcode: '20249999', station: 'door' }]);
  });
});

const at = (time: string) => `2025-10-14T${time}.000Z`;

describe('a scan kept offline', () => {
  it('[SCN4] keeps its own time', async () => {
    expect((await read('20240012', { scannedAt: at('01:00:00'), sentAt: at('02:29:50') })).result).toBe('CHECKED_IN');
    expect((await read('20240012', { scannedAt: at('02:00:00'), sentAt: at('02:29:50') })).result).toBe('CHECKED_OUT');
    expect(await visits()).toMatchObject([{ checkedInAt: at('01:00:00'), checkedOutAt: at('02:00:00') }]);
    expect(await exceptions()).toEqual([]);
  });

  it('[SCN4] is corrected by the error that sentAt shows, which is reported once', async () => {
    await read('20240012', { scannedAt: at('00:40:00'), sentAt: at('01:30:00') });
    await read('20240013', { scannedAt: at('00:41:00'), sentAt: at('01:30:00') });
    expect((await visits()).map((visit) => visit.checkedInAt)).toEqual([at('01:40:00'), at('01:41:00')]);
    expect(await exceptions()).toMatchObject([{ kind: 'CLOCK_SKEW', station: 'door' }]);
  });

  it('[SCN4] of one card twice within 10 s of its own time is one, though both arrive together', async () => {
    await read('20240012', { scannedAt: at('01:00:00') });
    expect((await read('20240012', { scannedAt: at('01:00:07') })).result).toBe('ALREADY_COUNTED');
    expect((await read('20240012', { scannedAt: at('01:00:00') })).result).toBe('ALREADY_COUNTED');
  });

  it('[SCN4] that contradicts a later visit goes to the exceptions and changes nothing', async () => {
    await read('20240012');
    const before = await visits();
    wait(1);
    expect((await read('20240012', { scannedAt: at('01:00:00') })).result).toBe('ALREADY_INSIDE');
    expect(await visits()).toEqual(before);
    expect(await exceptions()).toMatchObject([{ kind: 'CONFLICT', barcode: '20240012' }]);
  });

  it('[SCN4] of a day that is over opens nothing today: the visit ends with its own day', async () => {
    await read('20240012', { scannedAt: '2025-10-13T06:00:00.000Z' });
    expect(await visits()).toMatchObject([{ checkedOutAt: '2025-10-13T09:00:00.000Z', endedBy: 'CLOSING', localDate: '2025-10-13' }]);
    expect((await read('20240012')).result).toBe('CHECKED_IN');
  });

  it('[SCN4] of yesterday is written ended, though its person is inside now', async () => {
    await read('20240012');
    expect((await read('20240012', { scannedAt: '2025-10-13T06:00:00.000Z' })).result).toBe('CHECKED_IN');
    expect((await visits()).map(({ localDate, endedBy }) => [localDate, endedBy])).toEqual([['2025-10-13', 'CLOSING'], ['2025-10-14', null]]);
  });

  it('[SCN4] is held against the visit that followed it, not against the last of all', async () => {
    await read('20240012', { scannedAt: '2025-10-13T06:00:00.000Z' });
    await read('20240012');
    expect((await read('20240012', { scannedAt: '2025-10-13T05:00:00.000Z' })).code).toBe('CONFLICT');
    expect(await visits()).toHaveLength(2);
  });

  it('[SCN4] that says when somebody left replaces the closing that was assumed, in one activity', async () => {
    await read('20240012', { scannedAt: '2025-10-13T06:00:00.000Z' });
    await read('20240012', { scannedAt: '2025-10-13T07:00:00.000Z' });
    expect(await visits()).toMatchObject([{ checkedOutAt: '2025-10-13T07:00:00.000Z', endedBy: 'SCAN' }]);
    const told = published('CHECK_OUT').map((event) => event.data as { id: string; duration: number });
    expect(new Set(told.map(({ id }) => id)).size).toBe(1);
    expect(told.at(-1)!.duration).toBe(3600);
  });
});

describe('books at a station', () => {
  beforeEach(() => desk.run((unit) => createBook(unit, { barcode: 'HS00001', title: 'Noli Me Tangere', collectionCode: 'FIC' })));

  it('[SCN3] lends after a card where the station lends, and takes a lent book back alone', async () => {
    expect((await read('20240012', { intent: 'BORROW' })).result).toBe('NEED_BOOK');
    const lent = await read('HS00001', { intent: 'BORROW' });
    expect(lent).toMatchObject({ result: 'BORROWED', person: { name: 'Aya C.' }, loan: { dueAt: '2025-10-21T15:59:00.000Z' } });
    expect(JSON.stringify(lent)).not.toContain('Noli');
    wait(5);
    expect((await read('hs00001')).result).toBe('RETURNED');
    expect(await visits()).toEqual([]);
  });

  it('[SCN3] asks for the card first, and forgets a card after two minutes', async () => {
    expect((await read('HS00001', { intent: 'BORROW' })).code).toBe('CARD_FIRST');
    await read('20240012', { intent: 'BORROW' });
    wait(3);
    expect((await read('HS00001', { intent: 'BORROW' })).code).toBe('CARD_FIRST');
  });

  it('[SCN3] lends to nobody when what came after the card could not be read: it may have been the next borrower’s', async () => {
    await read('20240012', { intent: 'BORROW' });
    expect((await read('2024XX13', { intent: 'BORROW' })).result).toBe('UNKNOWN');
    expect((await read('HS00001', { intent: 'BORROW' })).code).toBe('CARD_FIRST');
  });

  it('[ATT3] knows the place of a desk that is named after it', async () => {
    expect((await read('20240013', { station: 'AVR Room · Desk 2' }, ANA)).visit).toMatchObject({ location: 'AVR Room' });
  });

  it('[CIR2] says why a book is not lent, without its title', async () => {
    await desk.run((unit) => createBook(unit, { barcode: 'HS00002', title: 'Atlas', collectionCode: 'R' }));
    await read('20240012', { intent: 'BORROW' });
    const refused = await read('HS00002', { intent: 'BORROW' });
    expect(refused).toMatchObject({ result: 'REFUSED', code: 'LIBRARY_USE_ONLY' });
    expect(JSON.stringify(refused)).not.toContain('Atlas');
  });

  it('[SCN3] lends at the desk to the card before', async () => {
    await read('20240012', { station: 'desk' }, ANA);
    expect(await read('HS00001', { station: 'desk' }, ANA)).toMatchObject({ result: 'BORROWED', loan: { studentId: ayaId }, book: { title: 'Noli Me Tangere' } });
  });
});
