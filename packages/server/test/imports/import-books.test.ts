import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBook } from '../../src/domain/books.ts';
import { placeHold } from '../../src/domain/holds.ts';
import { createPerson } from '../../src/domain/people.ts';
import { openTrial, rowOn, type ImportTrial } from './import-trial.ts';

let trial: ImportTrial;
beforeEach(async () => void (trial = await openTrial()));
afterEach(() => trial.close());

const HEADER = 'Barcode,Call Number,Title,Author,Year,Edition,ISBN,Publication,Publisher,Collection Code,Physical Description,Note Area,Price';
const catalogue = (...rows: string[]) => [HEADER, ...rows].join('\n');
const items = () => trial.desk.runner.db.selectFrom('equipment').selectAll().orderBy('barcode').execute();
const books = () => trial.desk.runner.db.selectFrom('books').selectAll().orderBy('barcode').execute();

describe('an import of the school’s catalogue', () => {
  it('[IMP1] writes one copy per row, copies of a work under one title', async () => {
    const result = await trial.apply('books', catalogue('GS00001,FIC A1,Noli me tangere,"Rizal, José",2006,,9780306406157,Manila,House,fic,300p.,,₱199.00', 'GS00002,FIC A1,Noli Me Tangere,"Rizal, Jose",2006,,,Manila,House,FIC,300p.,,'));
    expect(result).toMatchObject({ format: 'BOOK_TABLE', counts: { create: 2, review: 0 } });
    const [first, second] = await books();
    expect(first).toMatchObject({ barcode: 'GS00001', callNumber: 'FIC A1', collectionCode: 'FIC', place: 'Manila', publisher: 'House', price: 19_900, year: '2006' });
    expect(second!.titleId).toBe(first!.titleId);
    expect(await trial.desk.runner.db.selectFrom('titles').select('id').execute()).toHaveLength(1);
  });

  it('[IMP2] drops nothing: doubtful rows are written and flagged, with what was repaired', async () => {
    const result = await trial.apply('books', catalogue('GS1,,Lost zero,,2006,,306406152,,,,,,', 'GS2,,Bad year,,John,,,,,,,,', 'GS3,,Bad price,,,,,,,,,,#REF!', 'GS4,,,,,,,,,,,,', 'GS5,,Doubtful,,,,9780306406158,,,,,,'));
    expect(result.counts).toMatchObject({ create: 1, review: 4, reject: 0 });
    expect(rowOn(result, 2).repairs).toEqual([expect.stringContaining('306406152 → 0306406152')]);
    expect(rowOn(result, 3).reasons).toEqual([expect.stringContaining('"John" is no year')]);
    expect((await books()).map((book) => [book.barcode, book.title, book.isbn, book.year, book.price])).toEqual([
      ['GS1', 'Lost zero', '0306406152', '2006', null],
      ['GS2', 'Bad year', null, null, null],
      ['GS3', 'Bad price', null, null, null],
      ['GS4', '[untitled GS4]', null, null, null],
      ['GS5', 'Doubtful', '9780306406158', null, null],
    ]);
  });

  it('[IMP3] twice changes nothing, and what the file leaves blank stays', async () => {
    const file = catalogue('GS1,,A title,,John,,306406152,,,FIC,,,', 'GS2,,,,,,,,,,,,');
    await trial.apply('books', file);
    const written = await books();
    expect((await trial.apply('books', file)).counts).toMatchObject({ unchanged: 2, review: 0, update: 0 });
    expect(await books()).toEqual(written);
    expect((await trial.apply('books', catalogue('gs1,,A better title,,,,,,,,,,'))).counts).toMatchObject({ update: 1 });
    expect((await books())[0]).toMatchObject({ barcode: 'GS1', title: 'A better title', isbn: '0306406152', collectionCode: 'FIC', version: 2 });
  });

  it('[IMP2] reports a barcode that stands twice, and a row without one', async () => {
    const result = await trial.apply('books', catalogue('GS1,,First,,,,,,,,,,', 'gs1,,Second,,,,,,,,,,', ',,Third,,,,,,,,,,'));
    expect(result.rows.map((row) => row.outcome)).toEqual(['create', 'reject', 'reject']);
    expect((await books()).map((book) => book.title)).toEqual(['First']);
  });

  it('[CIR5] keeps a new copy for whoever waits for its title', async () => {
    const person = await trial.desk.run((unit) => createPerson(unit, { schoolId: '1', surname: 'Reyes', givenName: 'Aya' }));
    const lent = await trial.desk.run((unit) => createBook(unit, { barcode: 'GS1', title: 'Wanted' }));
    await trial.desk.runner.db.updateTable('books').set({ lost: 1 }).where('id', '=', lent.id).execute();
    await trial.desk.run((unit) => placeHold(unit, { bookId: lent.id, personId: person.id }));
    await trial.apply('books', catalogue('GS2,,Wanted,,,,,,,,,,', 'GS3,,Other,,,,,,,,,,'));
    const holds = await trial.desk.runner.db.selectFrom('holds').innerJoin('books', 'books.id', 'holds.bookId').select(['holds.status', 'books.barcode']).execute();
    expect(holds).toEqual([{ status: 'READY', barcode: 'GS2' }]);
  });
});

describe('an import of equipment', () => {
  const assets = 'Company,Name,Asset Tag,Category,Location,Model,Asset Notes\nX,PC,T-1,Desktop computers,main library,"Model 13""",fast\nX,PC,T-2,Desktop computers,AVR Room,,\nX,,T-3,Consoles,,PlayStation 5,\n';

  it('[IMP1] reads Snipe-IT assets: tag, type and place; equal names are told apart', async () => {
    const result = await trial.apply('equipment', assets);
    expect(result).toMatchObject({ format: 'SNIPE_IT_ASSETS', counts: { create: 2, review: 1 } });
    expect((await items()).map((item) => [item.barcode, item.name, item.type, item.location, item.seats])).toEqual([
      ['T-1', 'PC', 'COMPUTER', 'Main Library', 1],
      ['T-2', 'PC (T-2)', 'COMPUTER', 'AVR Room', 1],
      ['T-3', 'PlayStation 5', 'GAMING_CONSOLE', 'Main Library', 1],
    ]);
  });

  it('[IMP3] tells each new item once, and twice changes nothing', async () => {
    await trial.apply('equipment', assets);
    expect(trial.desk.events.filter((event) => event.topic === 'equipment')).toHaveLength(3);
    expect((await trial.apply('equipment', assets)).counts).toMatchObject({ unchanged: 3, create: 0, update: 0 });
    expect(trial.desk.events.filter((event) => event.topic === 'equipment')).toHaveLength(3);
  });
});
