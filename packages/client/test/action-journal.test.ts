import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openActionJournal, type ActionJournal } from '../src/journal/index.ts';
import { FakeBrowser, type FakeTab } from './fake-browser.ts';
import { FakeHttp, macrotask } from './fake-http.ts';

let browser: FakeBrowser;
let http: FakeHttp;
const opened: ActionJournal[] = [];

beforeEach(() => {
  browser = new FakeBrowser();
  http = new FakeHttp();
});
afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.close();
});

async function journalIn(tab: FakeTab, getToken: () => string | null = () => 'token'): Promise<ActionJournal> {
  tab.fetch = http.fetch;
  const journal = await openActionJournal({ environment: tab, getToken, httpUrl: 'http://x' });
  opened.push(journal);
  await rest();
  return journal;
}

/** Lets the database and promises come to rest. */
async function rest(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await macrotask();
}

async function advance(tab: FakeTab, byMs: number): Promise<void> {
  await tab.advance(byMs);
  await rest();
}

const scan = (barcode: string) => ({ method: 'POST', path: '/api/scans', body: { barcode, station: 'door' }, stamped: true }) as const;
const progress = (journal: ActionJournal) => journal.getSnapshot().map(({ progress }) => (progress.state === 'done' ? progress.outcome.kind : 'kept'));
const bodies = () => http.requests.map(({ body }) => (body as { barcode: string }).barcode);

describe('action journal', () => {
  it('[CL5] sends a command with its key, workstation order, time of the scan and time of sending', async () => {
    const tab = browser.openTab();
    const journal = await journalIn(tab);
    const action = await journal.record('door', { ...scan('2024001'), scannedAt: tab.now() - 5_000 });
    await rest();
    const { url, method, headers, body } = http.last;
    expect([method, url.href, headers['Idempotency-Key'], headers['Authorization']]).toEqual(['POST', 'http://x/api/scans', action.id, 'Bearer token']);
    expect(body).toEqual({ barcode: '2024001', station: 'door', sequence: 1, scannedAt: '2026-03-02T07:59:55.000Z', sentAt: '2026-03-02T08:00:00.000Z' });
    await http.last.respond(200, { result: 'CHECKED_IN' });
    await rest();
    await expect(journal.outcome(action.id)).resolves.toEqual({ kind: 'applied', status: 200, body: { result: 'CHECKED_IN' } });
    expect(journal.durable).toBe(true);
  });

  it.each([
    ['applied', 201, {}, {}],
    ['duplicate', 200, {}, { 'Idempotent-Replayed': 'true' }],
    ['duplicate', 200, { result: 'ALREADY_COUNTED' }, {}],
    ['conflict', 409, { code: 'LOAN_LIMIT' }, {}],
    ['conflict', 422, {}, {}],
    ['conflict', 404, {}, {}],
  ])('[CL5] ends as %s: HTTP %i %j %j', async (kind, status, body, headers) => {
    const tab = browser.openTab();
    const journal = await journalIn(tab);
    await journal.record('door', scan('1'));
    await rest();
    await http.last.respond(status, body, headers);
    await rest();
    expect(progress(journal)).toEqual([kind]);
  });

  it.each([500, 503, 429, 408])('[CL5] HTTP %i keeps the command and tries again with the same key (socket.io 4318)', async (status) => {
    const tab = browser.openTab();
    const journal = await journalIn(tab);
    await journal.record('door', scan('1'));
    await rest();
    await http.last.respond(status, undefined, { 'Retry-After': '4' });
    await rest();
    expect(progress(journal)).toEqual(['kept']);
    await advance(tab, 3_999);
    expect(http.requests).toHaveLength(1);
    await advance(tab, 1);
    expect(http.requests).toHaveLength(2);
    expect(http.requests[1]!.headers['Idempotency-Key']).toBe(http.requests[0]!.headers['Idempotency-Key']);
  });

  it('[CL5] keeps the order of a workstation through an outage, and lets other workstations pass', async () => {
    const tab = browser.openTab();
    const journal = await journalIn(tab);
    await journal.record('door', scan('1'));
    await journal.record('door', scan('2'));
    await rest();
    await http.requests[0]!.fail();
    await rest();
    await journal.record('desk', scan('3'));
    await rest();
    expect(bodies()).toEqual(['1', '3']);
    await http.last.respond(200, {});
    await advance(tab, 1_000);
    await http.last.respond(200, {});
    await rest();
    await http.last.respond(200, {});
    await rest();
    expect(bodies()).toEqual(['1', '3', '1', '2']);
    expect(progress(journal)).toEqual(['applied', 'applied', 'applied']);
  });

  it('[CL5] a conflict does not block the commands behind it', async () => {
    const tab = browser.openTab();
    const journal = await journalIn(tab);
    await journal.record('door', scan('1'));
    await journal.record('door', scan('2'));
    await rest();
    await http.last.respond(409, { code: 'SEAT_TAKEN' });
    await rest();
    await http.last.respond(200, {});
    await rest();
    expect(progress(journal)).toEqual(['conflict', 'applied']);
  });

  it('[CL5] survives a crash: the next page sends what was kept, with the same key', async () => {
    const first = browser.openTab();
    const before = await journalIn(first);
    await before.record('door', scan('1'));
    await before.record('door', scan('2'));
    await rest();
    browser.kill(first);
    first.fetch = () => new Promise(() => {});
    const journal = await journalIn(browser.openTab());
    expect(bodies()).toEqual(['1', '1']);
    expect(http.requests[1]!.headers['Idempotency-Key']).toBe(http.requests[0]!.headers['Idempotency-Key']);
    await http.last.respond(200, {}, { 'Idempotent-Replayed': 'true' });
    await rest();
    await http.last.respond(200, {});
    await rest();
    expect(progress(journal)).toEqual(['duplicate', 'applied']);
  });

  it.each([{ locks: true }, { locks: false }])('[CL5] several tabs never send a command twice, and all see its end (%j)', async (kind) => {
    const tabs = [browser.openTab(kind), browser.openTab(kind), browser.openTab(kind)];
    const journals = [];
    for (const tab of tabs) journals.push(await journalIn(tab));
    await Promise.all(journals.map((journal, n) => journal.record('door', scan(String(n)))));
    for (let n = 0; n < 3; n++) {
      await rest();
      expect(http.requests).toHaveLength(n + 1);
      await http.last.respond(200, {});
    }
    await rest();
    await advance(tabs[0]!, 20_000);
    expect(http.requests).toHaveLength(3);
    expect(new Set(bodies()).size).toBe(3);
    for (const journal of journals) expect(progress(journal)).toEqual(['applied', 'applied', 'applied']);
    expect(journals[0]!.getSnapshot().map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  it('[CL5] without Web Locks a dead tab\'s right to send runs out', async () => {
    const dying = browser.openTab({ locks: false });
    await (await journalIn(dying)).record('door', scan('1'));
    await rest();
    browser.kill(dying);
    const tab = browser.openTab({ locks: false });
    await journalIn(tab);
    expect(http.requests).toHaveLength(1);
    for (let look = 0; look < 8; look++) await advance(tab, 5_000);
    expect(http.requests).toHaveLength(1);
    await advance(tab, 5_000);
    expect(http.requests).toHaveLength(2);
  });

  it('[CL6] asks for another token once when one is refused, and waits for a sign-in without losing anything', async () => {
    const tab = browser.openTab();
    let token: string | null = 'old';
    const journal = await journalIn(tab, () => token);
    await journal.record('door', scan('1'));
    await rest();
    token = 'new';
    await http.last.respond(401, {});
    await rest();
    expect(http.last.headers['Authorization']).toBe('Bearer new');
    token = null;
    await http.last.respond(401, {});
    await advance(tab, 60_000);
    expect(http.requests).toHaveLength(2);
    expect(progress(journal)).toEqual(['kept']);
    token = 'newest';
    journal.retryNow();
    await rest();
    await http.last.respond(200, {});
    await rest();
    expect(progress(journal)).toEqual(['applied']);
  });

  it('[CL5] a command that never left waits a week, one that may have arrived a day; then it ends as expired (socket.io 4318)', async () => {
    const tab = browser.openTab();
    let token: string | null = null;
    const journal = await journalIn(tab, () => token);
    await journal.record('door', scan('1'));
    await rest();
    const day = 24 * 3_600_000;
    browser.clock.sleep(6 * day);
    token = 'token';
    journal.retryNow();
    await rest();
    await http.last.fail();
    await rest();
    expect(progress(journal)).toEqual(['kept']);
    browser.clock.sleep(day - 1);
    journal.retryNow();
    await rest();
    expect(http.requests).toHaveLength(2);
    await http.last.fail();
    await rest();
    browser.clock.sleep(1);
    journal.retryNow();
    await rest();
    expect(http.requests).toHaveLength(2);
    expect(progress(journal)).toEqual(['expired']);
  });

  it('a request without an answer is given up after 30 s and made again', async () => {
    const tab = browser.openTab();
    const journal = await journalIn(tab);
    await journal.record('door', scan('1'));
    await rest();
    await advance(tab, 30_000);
    expect(http.requests[0]!.signal?.aborted).toBe(true);
    await advance(tab, 1_000);
    expect(http.requests).toHaveLength(2);
  });

  it('waking tries at once', async () => {
    const tab = browser.openTab();
    tab.chances = [0.9];
    const journal = await journalIn(tab);
    await journal.record('door', scan('1'));
    await rest();
    await http.last.fail();
    await rest();
    tab.wake('online');
    await rest();
    expect(http.requests).toHaveLength(2);
  });

  it('keeps in memory, and says so, where the browser forbids storing', async () => {
    const tab = browser.openTab();
    tab.indexedDB = { open: () => { throw new DOMException('no', 'SecurityError'); } } as unknown as IDBFactory;
    const journal = await journalIn(tab);
    expect(journal.durable).toBe(false);
    await journal.record('door', scan('1'));
    await rest();
    await http.last.respond(200, {});
    await rest();
    expect(progress(journal)).toEqual(['applied']);
  });
});
