import { beforeEach, describe, expect, test } from 'vitest';
import { KeyReader, type KeyReading } from '../src/scanning/key-reader.ts';
import { ManualTimers } from './manual-timers.ts';

describe('key reader', () => {
  let timers: ManualTimers;
  let readings: KeyReading[];
  let reader: KeyReader;

  beforeEach(() => {
    timers = new ManualTimers();
    readings = [];
    reader = new KeyReader({ setTimer: timers.setTimer, onReading: (reading) => readings.push(reading) });
  });

  const type = (keys: readonly string[], gapMs: number): boolean[] =>
    keys.map((key) => {
      timers.advance(gapMs);
      return reader.press(key, timers.now());
    });

  test('[SCN1] a quick run that ends with Enter is one scan, leading zeros kept', () => {
    type([...'0012345', 'Enter'], 5);
    timers.advance(1000);
    expect(readings).toEqual([{ kind: 'scan', text: '0012345' }]);
  });

  test('the Enter of a scan does not reach the button that has the focus', () => {
    const taken = type([...'2024-1', 'Enter'], 5);
    expect(taken.at(-1)).toBe(true);
  });

  test('the letters of a barcode are no shortcuts', () => {
    type([...'gd/?x1', 'Enter'], 10);
    timers.advance(1000);
    expect(readings).toEqual([{ kind: 'scan', text: 'gd/?x1' }]);
  });

  test('a key on its own is a person’s, told after a short wait', () => {
    reader.press('g', timers.now());
    expect(readings).toEqual([]);
    timers.advance(200);
    expect(readings).toEqual([{ kind: 'key', key: 'g' }]);
  });

  test('two keys at a person’s pace are two keys', () => {
    type(['g', 'd'], 180);
    timers.advance(200);
    expect(readings).toEqual([{ kind: 'key', key: 'g' }, { kind: 'key', key: 'd' }]);
  });

  test('two keys of a quick typist are two keys, once nothing follows them', () => {
    type(['g', 'd'], 60);
    expect(readings).toEqual([]);
    timers.advance(200);
    expect(readings).toEqual([{ kind: 'key', key: 'g' }, { kind: 'key', key: 'd' }]);
  });

  test('a barcode that a busy browser sees in two pieces stays one barcode', () => {
    type([...'2024'], 5);
    timers.advance(400);
    type([...'0012', 'Enter'], 5);
    expect(readings.filter(({ kind }) => kind === 'scan')).toEqual([{ kind: 'scan', text: '20240012' }]);
  });

  test('what was typed long before is no part of a scan', () => {
    type([...'ab'], 5);
    timers.advance(5000);
    type([...'20240012', 'Enter'], 5);
    expect(readings.filter(({ kind }) => kind === 'scan')).toEqual([{ kind: 'scan', text: '20240012' }]);
  });

  test('capitals with Shift and spaces inside are kept', () => {
    type(['Shift', 'P', ' ', '1', '2', '3', 'Enter'], 5);
    expect(readings).toEqual([{ kind: 'scan', text: 'P 123' }]);
  });

  test('Enter alone is a key and presses what has the focus', () => {
    expect(reader.press('Enter', 0)).toBe(false);
    expect(readings).toEqual([{ kind: 'key', key: 'Enter' }]);
  });

  test('a few keys at a person’s pace and Enter are no scan', () => {
    type(['x', 'n', 'r', 'Enter'], 300);
    expect(readings.some(({ kind }) => kind === 'scan')).toBe(false);
  });
});
