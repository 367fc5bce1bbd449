import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { untilStopSignal } from '../src/cli/stop-signal.ts';

it.each([
  ['once', ['SIGTERM'], [0], 0],
  ['twice at the same instant, as npm does', ['SIGINT', 'SIGINT'], [0, 0], 0],
  ['again within two seconds', ['SIGTERM', 'SIGINT', 'SIGTERM'], [0, 700, 1999], 0],
  ['again after two seconds', ['SIGTERM', 'SIGTERM'], [0, 2000], 1],
  ['early, and then in earnest', ['SIGTERM', 'SIGTERM', 'SIGTERM'], [0, 500, 2500], 1],
])('[DRAIN1] a server told to stop %s ends in its own time, or at once', async (_how, signals, times, ends) => {
  const process = new EventEmitter();
  let now = 10_000;
  let ended = 0;
  const stopped = untilStopSignal(process, () => now, () => void ended++);
  for (const [index, signal] of signals.entries()) {
    now = 10_000 + times[index]!;
    process.emit(signal);
  }
  expect(await stopped).toBe(signals[0]);
  expect(ended).toBe(ends);
});
