import type { Activity } from '@clms/protocol';
import { describe, expect, test } from 'vitest';
import { changeSince, insideBy, occupancyCurve, withActivities, type Stay } from '../src/pages/dashboard/occupancy.ts';

const stay = (visitId: string, from: number, until?: number): Stay => ({ visitId, from, until, location: 'Main Library', category: 'PRIMARY' });
const minuteOf = ({ timestamp }: Activity) => Number(timestamp.slice(11, 13)) * 60 + Number(timestamp.slice(14, 16));
const activity = (activityType: 'CHECK_IN' | 'CHECK_OUT', visitId: string, time: string): Activity => ({ id: `${activityType}${visitId}`, activityType, timestamp: `2026-01-05T${time}:00.000Z`, location: 'AVR Room', metadata: { visitId } });

describe('occupancy over the day', () => {
  const span = { start: 480, end: 600, stepMinutes: 60 };

  test('[ATT1] counts who is inside at each moment; a stay ends before its last minute', () => {
    const curve = occupancyCurve([stay('a', 480, 540), stay('b', 500)], [], { ...span, now: 600 });
    expect(curve.map(({ inside }) => inside)).toEqual([1, 1, 1]);
  });

  test('the line ends at the present, which is a point of its own', () => {
    const curve = occupancyCurve([stay('a', 480)], [], { ...span, now: 550 });
    expect(curve.map(({ minute, inside }) => [minute, inside])).toEqual([[480, 1], [540, 1], [550, 1], [600, undefined]]);
  });

  test('the band runs from the emptiest to the fullest of the compared days', () => {
    const [first] = occupancyCurve([], [[stay('a', 470)], [stay('b', 470), stay('c', 470)], []], { ...span, now: 480 });
    expect(first?.usual).toEqual([0, 2]);
  });

  test('without days to compare there is no band', () => {
    expect(occupancyCurve([], [], { ...span, now: 480 })[0]?.usual).toBeUndefined();
  });

  test('live activities are added once, however often they are told', () => {
    const told = [activity('CHECK_OUT', 'a', '09:30'), activity('CHECK_IN', 'b', '09:00')];
    const once = withActivities([stay('a', 480)], told, minuteOf);
    expect(withActivities(once, told, minuteOf)).toEqual(once);
    expect(once.map(({ visitId, until }) => [visitId, until])).toEqual([['a', 570], ['b', undefined]]);
  });

  test('who is inside, by a trait, most first', () => {
    const stays = [stay('a', 0), { ...stay('b', 0), location: 'AVR Room' }, stay('c', 0), stay('d', 0, 10)];
    expect(insideBy(stays, ({ location }) => location)).toEqual([['Main Library', 2], ['AVR Room', 1]]);
  });

  test('today is compared with the other day up to the same minute', () => {
    expect(changeSince([stay('a', 0), stay('b', 0), stay('c', 0)], [stay('d', 10), stay('e', 20), stay('f', 700)], 600)).toBe(50);
    expect(changeSince([stay('a', 0)], [stay('f', 700)], 600)).toBeUndefined();
  });
});
