import type { Equipment } from '@clms/protocol';
import { describe, expect, it } from 'vitest';
import { waitingAt } from '../src/stations/station-state.ts';

const station = (id: string, type: string, waiting: number, endsAt?: string | null, status: Equipment['status'] = 'IN_USE'): Equipment => ({
  id, name: id, type, status, location: 'Hall', seats: 1, waiting, version: 1,
  sessions: endsAt === undefined ? [] : [{ id: `s-${id}`, startedAt: '2026-11-25T01:00:00.000Z', endsAt, extensions: 0 }],
});

describe('[EQP5] where those who wait get in first', () => {
  it('is the item of their type that ends first, once per type', () => {
    const items = [station('PS 1', 'CONSOLE', 2, '2026-11-25T03:00:00.000Z'), station('PS 2', 'CONSOLE', 2, '2026-11-25T02:00:00.000Z'), station('PC 1', 'COMPUTER', 0, '2026-11-25T01:30:00.000Z')];
    expect([...waitingAt(items)]).toEqual([['PS 2', 2]]);
  });

  it('is not one that is out of use, and one without an end only when there is no other', () => {
    const items = [station('A', 'ROOM', 1, undefined, 'MAINTENANCE'), station('B', 'ROOM', 1, null), station('C', 'ROOM', 1, '2026-11-25T02:00:00.000Z')];
    expect([...waitingAt(items)]).toEqual([['C', 1]]);
    expect([...waitingAt(items.slice(0, 2))]).toEqual([['B', 1]]);
  });
});
