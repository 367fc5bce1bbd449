import { beforeEach, describe, expect, test } from 'vitest';
import { keptView, viewOfAnswer, type KioskView } from '../src/pages/kiosk/kiosk-view.ts';
import { ResultQueue } from '../src/pages/kiosk/result-queue.ts';
import { ManualTimers } from './manual-timers.ts';

const view = (id: string, tone: KioskView['tone'] = 'good'): KioskView => ({ id, tone, picture: 'check', words: id, notices: [] });

describe('results at the kiosk', () => {
  let timers: ManualTimers;
  let queue: ResultQueue;
  let shown: (string | undefined)[];

  beforeEach(() => {
    timers = new ManualTimers();
    queue = new ResultQueue(timers);
    shown = [];
    queue.subscribe(() => {
      const id = queue.getState().shown?.id;
      if (shown.at(-1) !== id) shown.push(id);
    });
  });

  test('a burst shows one after another, each for 1.2 s, with the count that waits', () => {
    for (const id of ['a', 'b', 'c']) queue.push(view(id));
    expect(queue.getState()).toMatchObject({ shown: { id: 'a' }, waiting: 2 });
    timers.advance(1199);
    expect(queue.getState().shown?.id).toBe('a');
    timers.advance(1);
    expect(queue.getState()).toMatchObject({ shown: { id: 'b' }, waiting: 1 });
    timers.advance(1200);
    expect(queue.getState()).toMatchObject({ shown: { id: 'c' }, waiting: 0 });
    expect(shown).toEqual(['a', 'b', 'c']);
  });

  test('the last one stays for some seconds, then the sentence comes back', () => {
    queue.push(view('a'));
    timers.advance(3999);
    expect(queue.getState().shown?.id).toBe('a');
    timers.advance(1);
    expect(queue.getState().shown).toBeUndefined();
  });

  test('who comes after two seconds is shown at once', () => {
    queue.push(view('a'));
    timers.advance(2000);
    queue.push(view('b'));
    expect(queue.getState().shown?.id).toBe('b');
  });

  test('a problem stays longer than a greeting', () => {
    queue.push(view('a', 'problem'));
    timers.advance(7999);
    expect(queue.getState().shown?.id).toBe('a');
  });

  test('of a flood the oldest unseen are skipped, the newest is shown', () => {
    for (let index = 0; index < 60; index++) queue.push(view(String(index)));
    expect(queue.getState().waiting).toBe(50);
    timers.advance(60 * 1200);
    expect(shown).toContain('59');
  });

  test('nothing fires after closing', () => {
    queue.push(view('a'));
    queue.close();
    timers.advance(60_000);
    expect(shown).toEqual(['a']);
  });
});

describe('what the kiosk shows', () => {
  const answer = { message: 'Welcome, Aya. Checked in 10:31.', notices: [{ kind: 'HOLD_READY', message: 'Your book is ready at the desk.' }] };

  test('a greeting, a repetition and a refusal have pictures of different form', () => {
    const pictures = (['CHECKED_IN', 'ALREADY_INSIDE', 'UNKNOWN', 'BORROWED'] as const).map((result) => viewOfAnswer('1', { ...answer, result }).picture);
    expect(new Set(pictures).size).toBe(4);
  });

  test('[CIR5] the notice about the book stands below the words', () => {
    expect(viewOfAnswer('1', { ...answer, result: 'CHECKED_IN' })).toMatchObject({ words: answer.message, notices: ['Your book is ready at the desk.'], tone: 'good' });
  });

  test('while the server is away the child is thanked all the same', () => {
    expect(keptView('1', '10:31')).toMatchObject({ tone: 'good', words: 'Thank you. Noted 10:31.' });
  });
});
