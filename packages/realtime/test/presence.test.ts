import { beforeEach, expect, it } from 'vitest';
import { ManualClock } from '../src/manual-clock.ts';
import { LEFT_AFTER_MS, Presence, type PresenceState } from '../src/presence.ts';

const ann = { userId: 'ann', username: 'Ann' };
let clock: ManualClock;
let told: [string, PresenceState][];
let nodes: Presence[];
let silent: Set<string>;

beforeEach(() => {
  clock = new ManualClock(Date.UTC(2030, 0, 15, 12));
  told = [];
  silent = new Set();
  nodes = ['north', 'south'].map(
    (nodeId) =>
      new Presence({
        clock,
        nodeId,
        onChange: (state, mine) => void (mine && told.push([nodeId, state])),
        signal: (signal) => {
          if (!silent.has(nodeId)) for (const node of nodes) node.receive(signal);
        },
      }),
  );
});

/** Both nodes look once a second, but those that are dead. */
function pass(ms: number): void {
  for (let passed = 0; passed < ms; passed += 1000) {
    clock.advance(1000);
    for (const [at, nodeId] of ['north', 'south'].entries()) if (!silent.has(nodeId)) nodes[at]!.sweep();
  }
}

const states = () => told.map(([, { state }]) => state);

it('[CHT2] who comes is told at once, who goes after 15 s', () => {
  nodes[0]!.report('tab1', ann, { state: 'active' });
  expect(told).toEqual([['north', { ...ann, state: 'active' }]]);
  nodes[0]!.report('tab1', ann, null);
  pass(LEFT_AFTER_MS - 1000);
  expect(states()).toEqual(['active']);
  pass(1000);
  expect(states()).toEqual(['active', 'left']);
  expect(nodes.map((node) => node.list())).toEqual([[], []]);
});

it('[CHT2] a reload is no leaving', () => {
  nodes[0]!.report('tab1', ann, { state: 'active' });
  nodes[0]!.report('tab1', ann, null);
  pass(LEFT_AFTER_MS / 2);
  nodes[1]!.report('tab2', ann, { state: 'active' });
  pass(2 * LEFT_AFTER_MS);
  expect(states()).toEqual(['active']);
});

it('[CHT2] is of a user over all tabs and nodes: active while one tab is', () => {
  nodes[0]!.report('tab1', ann, { state: 'active', page: '/desk' });
  nodes[1]!.report('tab2', ann, { state: 'away' });
  nodes[0]!.report('tab1', ann, { state: 'away', page: '/desk' });
  nodes[1]!.report('tab2', ann, null);
  nodes[0]!.report('tab1', ann, null);
  pass(LEFT_AFTER_MS);
  expect(states()).toEqual(['active', 'away', 'left']);
  expect(nodes[1]!.list()).toEqual([]);
});

it('[CHT2] who edits is shown, whatever the other tabs look at', () => {
  nodes[0]!.report('tab1', ann, { state: 'active', page: '/equipment', editing: 'PC 3' });
  clock.advance(1000);
  nodes[0]!.report('tab2', ann, { state: 'active', page: '/desk' });
  expect(nodes[1]!.list()).toMatchObject([{ userId: 'ann', editing: 'PC 3' }]);
});

it('[CHT2] a repeat that was lost once makes nobody leave', () => {
  nodes[0]!.report('tab1', ann, { state: 'active' });
  pass(15_000);
  silent.add('north');
  pass(10_000);
  silent.delete('north');
  pass(60_000);
  expect(nodes[1]!.list()).toMatchObject([{ userId: 'ann', state: 'active' }]);
  expect(states()).toEqual(['active']);
});

it('[CHT2] the users of a dead node vanish within a minute, those of a living one stay', () => {
  nodes[0]!.report('tab1', ann, { state: 'active' });
  nodes[1]!.report('tab2', { userId: 'ben', username: 'Ben' }, { state: 'active' });
  silent.add('north');
  pass(60_000);
  expect(nodes[1]!.list().map(({ userId }) => userId)).toEqual(['ben']);
  expect(told.at(-1)).toEqual(['south', { ...ann, state: 'left' }]);
});
