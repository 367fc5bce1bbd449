import { ManualClock } from '@clms/realtime/manual-clock';
import type { Broker, NewEvent } from '@clms/realtime';
import { describe, expect, it } from 'vitest';
import { StateFeed } from '../src/realtime/state-feed.ts';

function openFeed(kind: Broker['kind'] = 'memory') {
  const machine = new ManualClock(0);
  const library = new ManualClock(1_000_000);
  const told: NewEvent[] = [];
  const broker = { kind, publish: async (events: readonly NewEvent[]) => (told.push(...events), []) } as unknown as Broker;
  const state = { value: 0, nextChangeAt: undefined as number | undefined };
  const feed = new StateFeed<{ value: number; timestamp: number }>(
    {
      topic: 'dashboard',
      type: 'dashboard_update',
      compute: async () => ({ value: state.value, timestamp: library.now() }),
      essence: ({ value }) => value,
      nextChangeAt: async () => state.nextChangeAt,
    },
    broker,
    { machine, library },
    { error: (details) => expect(details).toBeUndefined() },
  );
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { feed, state, told, machine, library, settled, values: () => told.map((event) => (event.data as { value: number }).value) };
}

describe('a state feed', () => {
  it('[DSH1] tells the first change at once and the rest of a burst at most four times a second', async () => {
    const { feed, state, values, machine, settled } = openFeed();
    for (let change = 1; change <= 100; change++) {
      state.value = change;
      feed.wake();
      await settled();
      machine.advance(10);
      await settled();
    }
    machine.advance(250);
    await settled();
    expect(values()[0]).toBe(1);
    expect(values().at(-1)).toBe(100);
    expect(values().length).toBeLessThanOrEqual(6);
  });

  it('[DSH1] says nothing when nothing changed', async () => {
    const { feed, values, machine, settled } = openFeed();
    feed.wake();
    await settled();
    machine.advance(1000);
    feed.wake();
    await settled();
    expect(values()).toEqual([0]);
  });

  it('[DSH1] repeats itself where other nodes may have told something else in between', async () => {
    const { feed, values, machine, settled } = openFeed('redis');
    feed.wake();
    await settled();
    machine.advance(1000);
    feed.wake();
    await settled();
    expect(values()).toEqual([0, 0]);
  });

  it('[DSH1] tells a change that time alone makes, at its instant', async () => {
    const { feed, state, values, library, settled } = openFeed();
    state.nextChangeAt = library.now() + 60_000;
    feed.wake();
    await settled();
    state.value = 1;
    state.nextChangeAt = undefined;
    library.advance(59_999);
    await settled();
    expect(values()).toEqual([0]);
    library.advance(1);
    await settled();
    await feed.settle();
    expect(values()).toEqual([0, 1]);
    feed.close();
    expect(library.pending).toBe(0);
  });
});
