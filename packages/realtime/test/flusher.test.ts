import { beforeEach, expect, it } from 'vitest';
import { Flusher } from '../src/flusher.ts';

let turn: (() => void)[];
let flusher: Flusher;
let written: string[];

beforeEach(() => {
  turn = [];
  written = [];
  flusher = new Flusher((work) => void turn.push(work));
});

function endTurn(): void {
  for (const work of turn.splice(0)) work();
}

const connection = (name: string) => ({ flush: () => void written.push(name) });

it('[OUT4] writes at the end of the turn, to each once', () => {
  flusher.add(connection('ann'));
  flusher.add(connection('ben'));
  expect(written).toEqual([]);
  endTurn();
  expect(written).toEqual(['ann', 'ben']);
  flusher.add(connection('cai'));
  endTurn();
  expect(written).toEqual(['ann', 'ben', 'cai']);
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
