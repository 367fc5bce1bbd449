import { describe, expect, test } from 'vitest';
import { connectionWords } from '../src/live/connection-words.ts';

const time = { clock: () => '10:31:07', time: () => '10:31' };
const live = { state: 'live', transport: 'ws', connectedAt: 0 } as const;
const waiting = { state: 'waiting', attempt: 2, nextAttemptAt: 0, reason: 'closed' } as const;

const offlineWords = (kept: number) => connectionWords(waiting, { state: 'stale', since: 0, provenAt: 'x' }, kept, time).text;
const spoken = (clock: string) => connectionWords(live, { state: 'live', provenAt: 'x' }, 0, { ...time, clock: () => clock }).announcement;

describe('the connection chip', () => {
  test('[POS3] says when the server last proved that nothing is missing', () => {
    expect(connectionWords(live, { state: 'live', provenAt: 'x' }, 0, time)).toMatchObject({ tone: 'live', text: 'Live · verified 10:31:07' });
  });

  test('connected is not live before it has caught up', () => {
    expect(connectionWords(live, { state: 'catching_up' }, 0, time).text).toBe('Catching up…');
  });

  test('[CL5] counts the scans that are kept', () => {
    expect([0, 1, 3].map(offlineWords)).toEqual(['Offline since 10:31', 'Offline since 10:31 · 1 scan kept', 'Offline since 10:31 · 3 scans kept']);
  });

  test('a screen reader hears of a change of state, not of every second', () => {
    expect(spoken('10:31:07')).toBe(spoken('10:31:32'));
  });
});
