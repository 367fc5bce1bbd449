import { beforeEach, expect, it } from 'vitest';
import { Flusher } from '../src/flusher.ts';
import { ManualClock } from '../src/manual-clock.ts';

let clock: ManualClock;
let turn: (() => void)[];
let flusher: Flusher;
let written: string[];

beforeEach(() => {
  clock = new ManualClock(Date.UTC(2030, 0, 15, 12));
  turn = [];
  written = [];
  flusher = new Flusher(clock, (work) => void turn.push(work));
});

function endTurn(): void {
  for (const work of turn.splice(0)) work();
}

/** A connection whose write takes so long. */
const connection = (name: string, takesMs = 0) => ({
  flush: () => {
    written.push(name);
    clock.sleep(takesMs);
  },
});

it('[OUT4] writes at the end of the turn, to each once', () => {
  flusher.add(connection('ann'));
  flusher.add(connection('ben'));
  expect(written).toEqual([]);
  endTurn();
  expect(written).toEqual(['ann', 'ben']);
  flusher.add(connection('cai'));
  endTurn();
  expect(written).toEqual(['ann', 'ben', 'cai']);
  expect(clock.pending).toBe(0);
});

it('[OUT4] rests after a long flush, and gathers meanwhile', () => {
  flusher.add(connection('ann', 10));
  endTurn();
  flusher.add(connection('ben'));
  endTurn();
  flusher.add(connection('cai'));
  endTurn();
  expect(written).toEqual(['ann']);
  clock.advance(10);
  endTurn();
  expect(written).toEqual(['ann', 'ben', 'cai']);
});

it('[OUT4] rests for no longer than a moment, whatever held the flush up', () => {
  flusher.add(connection('ann', 60_000));
  endTurn();
  flusher.add(connection('ben'));
  clock.advance(10);
  endTurn();
  expect(written).toEqual(['ann', 'ben']);
});

it('[OUT4] what comes during the flush goes out after it, and a write that throws stops nobody for good', () => {
  const late = connection('late');
  flusher.add({ flush: () => flusher.add(late) });
  endTurn();
  expect(written).toEqual([]);
  endTurn();
  expect(written).toEqual(['late']);
  flusher.add({
    flush: () => {
      throw new Error('broken');
    },
  });
  expect(endTurn).toThrow('broken');
  flusher.add(connection('ann'));
  endTurn();
  expect(written).toEqual(['late', 'ann']);
});
