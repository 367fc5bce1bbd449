import { describe, expect, it } from 'vitest';
import { LeaseLocks } from '../src/tabs/lease-locks.ts';
import { IndexedDbLeaseTable, type LeaseTable } from '../src/tabs/lease-table.ts';
import { oneTabAtATime } from '../src/tabs/index.ts';
import { FakeBrowser, type FakeTab } from './fake-browser.ts';
import { settle } from './fake-environment.ts';
import { macrotask } from './fake-http.ts';
import { MemoryLeaseTable } from './memory-lease-table.ts';

/** Something that takes until it is told to end. */
function work() {
  let end!: () => void;
  let state: 'waiting' | 'running' | 'ended' = 'waiting';
  const run = () => {
    state = 'running';
    return new Promise<void>((resolve) => {
      end = () => {
        state = 'ended';
        resolve();
      };
    });
  };
  return { run, end: () => end(), get state() { return state; } };
}

function hold(tab: FakeTab, options: { signal?: AbortSignal; steal?: boolean } = {}) {
  const mine = work();
  const ended = tab.locks!.request('a', options, mine.run).then(() => 'given', (error: Error) => error.name);
  return { get state() { return mine.state; }, end: mine.end, ended };
}

const seconds = async (browser: FakeBrowser, count: number) => {
  await settle();
  await browser.clock.advanceAsync(count * 1_000, settle);
};

describe('[CL8] locks of leases', () => {
  it('are one tab\'s at a time, and the next one\'s as soon as they are given back', async () => {
    const browser = new FakeBrowser();
    const [one, two] = [browser.openTab({ leases: true }), browser.openTab({ leases: true })];
    const first = hold(one);
    await settle();
    const second = hold(two);
    const third = hold(one);
    await seconds(browser, 60);
    expect([first.state, second.state, third.state]).toEqual(['running', 'waiting', 'waiting']);
    first.end();
    await settle();
    expect([second.state, third.state].toSorted()).toEqual(['running', 'waiting']);
    (second.state === 'running' ? second : third).end();
    await settle();
    expect([second.state, third.state].toSorted()).toEqual(['ended', 'running']);
    expect(await first.ended).toBe('given');
  });

  it('of a tab that died without a word run out within ten seconds; of one that was closed, at once', async () => {
    const browser = new FakeBrowser();
    const [one, two, three] = [browser.openTab({ leases: true }), browser.openTab({ leases: true }), browser.openTab({ leases: true })];
    hold(one);
    await settle();
    const second = hold(two);
    await seconds(browser, 4);
    browser.kill(one);
    await seconds(browser, 10);
    expect(second.state).toBe('running');
    const third = hold(three);
    await settle();
    two.leave();
    await settle();
    expect(third.state).toBe('running');
  });

  it('of a hidden tab last from one timer to the next, a minute later', async () => {
    const browser = new FakeBrowser();
    const [one, two] = [browser.openTab({ leases: true }), browser.openTab({ leases: true })];
    one.isHidden = true;
    const first = hold(one);
    await seconds(browser, 4);
    const second = hold(two);
    one.freeze();
    await seconds(browser, 60);
    one.thaw();
    await seconds(browser, 30);
    expect([first.state, second.state]).toEqual(['running', 'waiting']);
  });

  it('are lost by a tab that was frozen past its lease, and it hears of it when it thaws', async () => {
    const browser = new FakeBrowser();
    const [one, two] = [browser.openTab({ leases: true }), browser.openTab({ leases: true })];
    const first = hold(one);
    await settle();
    const second = hold(two);
    one.freeze();
    await seconds(browser, 15);
    expect(second.state).toBe('running');
    one.thaw();
    expect(await first.ended).toBe('AbortError');
    expect(second.state).toBe('running');
  });

  it('can be stolen, and waited for no longer', async () => {
    const browser = new FakeBrowser();
    const [one, two, three] = [browser.openTab({ leases: true }), browser.openTab({ leases: true }), browser.openTab({ leases: true })];
    const first = hold(one);
    await settle();
    const leaving = new AbortController();
    const waiting = hold(two, { signal: leaving.signal });
    await settle();
    leaving.abort();
    expect(await waiting.ended).toBe('AbortError');
    const thief = hold(three, { steal: true });
    await seconds(browser, 4);
    expect([thief.state, await first.ended, waiting.state]).toEqual(['running', 'AbortError', 'waiting']);
  });

  it('are granted to everybody where the browser lets nothing be stored: each tab is on its own, and that is logged', async () => {
    const browser = new FakeBrowser();
    const tab = browser.openTab();
    const locks = new LeaseLocks(tab, tab.openChannel!('leases'), () => Promise.reject(new Error('forbidden')));
    const [first, second] = [work(), work()];
    void locks.request('a', {}, first.run);
    void locks.request('a', {}, second.run);
    await settle();
    expect([first.state, second.state]).toEqual(['running', 'running']);
    expect(tab.logged).toHaveLength(1);
  });
});

describe.each([
  ['in IndexedDB', () => IndexedDbLeaseTable.open(new FakeBrowser().indexedDB)],
  ['in memory, as the tests of tabs use it', async () => new MemoryLeaseTable()],
] satisfies [string, () => Promise<LeaseTable>][])('lease table %s', (_name, open) => {
  const claim = (holder: string, nowMs: number, gone: readonly string[] = []) => ({ name: 'a', holder, nowMs, untilMs: nowMs + 100, isGone: (other: string) => gone.includes(other) });

  it('gives a lease to one holder until it has run out, is given back, or its holder is gone', async () => {
    const table = await open();
    expect(await Promise.all([table.take(claim('one', 0)), table.take(claim('two', 0))])).toEqual([undefined, 100]);
    expect(await table.renew('a', 'two', 500)).toBe(false);
    expect(await table.renew('a', 'one', 150)).toBe(true);
    expect(await table.take(claim('two', 149))).toBe(150);
    expect(await table.take(claim('two', 150))).toBeUndefined();
    expect(await table.renew('a', 'one', 500)).toBe(false);
    await table.give('a', 'one');
    expect(await table.take(claim('three', 151))).toBe(250);
    expect(await table.take(claim('three', 151, ['two']))).toBeUndefined();
    await table.give('a', 'three');
    expect(await table.take(claim('four', 152))).toBeUndefined();
  });
});

describe('one tab at a time', () => {
  it.each([{ locks: true }, { locks: false }])('[CL6] two tabs never trade the same refresh token (centrifuge-dart 129, %j)', async (kind) => {
    const browser = new FakeBrowser();
    const spent: number[] = [];
    let cookie = 1;
    let asking = 0;
    const refresh = async () => {
      expect(++asking).toBe(1);
      spent.push(cookie);
      await macrotask();
      cookie++;
      asking--;
      return cookie;
    };
    const tabs = Array.from({ length: 4 }, () => oneTabAtATime('clms-refresh', browser.openTab(kind)));
    const tokens = Promise.all(tabs.map((exclusively) => exclusively(refresh)));
    expect((await tokens).toSorted()).toEqual([2, 3, 4, 5]);
    expect(spent).toEqual([1, 2, 3, 4]);
  });

  it('what fails, fails for who asked, and the next one runs', async () => {
    const exclusively = oneTabAtATime('a', new FakeBrowser().openTab());
    await expect(exclusively(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await exclusively(async () => 7)).toBe(7);
  });
});
