import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coversFilters, matchesFilters, mergedFilters, normalFilters } from '../src/filters.ts';
import { TOPIC_REDUCERS } from '../src/topic-reducers.ts';

const event = (data: unknown, type = 'x', offset = 1) => ({ id: `e${offset}`, timestamp: '2026-03-02T08:00:00.000Z', type, data, offset });
const at = (id: string, minute: number) => ({ id, timestamp: `2026-03-02T08:${String(minute).padStart(2, '0')}:00.000Z`, activityType: 'CHECK_IN' as const });
const message = (id: string, more: object = {}) => ({ id, room: 'staff', userId: 'u', username: 'u', text: id, clientMessageId: id, timestamp: id, ...more });

const notice = (id: string, minute: number, more: object = {}) => ({ ...at(id, minute), title: id, message: '', priority: 'LOW', category: 'USER', actionable: false, ...more });
const presence = (userId: string, state: string) => ({ userId, username: userId, state, timestamp: 'x' });
const row = (series: 'visits' | 'equipment', date: string, n: number) => ({ series, date, totals: { n }, timestamp: 'x' });

describe('read models', () => {
  it('lists are newest first, and applying an event twice is applying it once', () => {
    const { fromSnapshot, apply } = TOPIC_REDUCERS.activities;
    const state = fromSnapshot([at('b', 2), at('c', 3), at('a', 1)]);
    expect(state.map(({ id }) => id)).toEqual(['c', 'b', 'a']);
    const once = apply(state, event(at('d', 4)));
    expect(apply(once, event(at('d', 4)))).toEqual(once);
    expect(once.map(({ id }) => id)).toEqual(['d', 'c', 'b', 'a']);
  });

  it('an entity that changes keeps its place', () => {
    const { fromSnapshot, apply } = TOPIC_REDUCERS.notifications;
    const state = apply(fromSnapshot([notice('a', 1), notice('b', 2)]), event(notice('a', 1, { acknowledgedBy: 'Ana' })));
    expect(state.map(({ id, acknowledgedBy }) => [id, acknowledgedBy])).toEqual([['b', undefined], ['a', 'Ana']]);
  });

  it('lists are bounded', () => {
    const { apply, empty } = TOPIC_REDUCERS.activities;
    let state = empty;
    for (let n = 0; n < 600; n++) state = apply(state, event(at(`a${n}`, 1)));
    expect([state.length, state[0]!.id, state.at(-1)!.id]).toEqual([500, 'a599', 'a100']);
  });

  it('chat keeps messages oldest first, and people until they leave', () => {
    const { fromSnapshot, apply } = TOPIC_REDUCERS.chat;
    let state = fromSnapshot({ messages: [message('2'), message('1')], presence: [presence('ana', 'active'), presence('cy', 'left')] });
    state = apply(state, event(message('3'), 'chat_message'));
    state = apply(state, event(presence('ben', 'away'), 'presence_update'));
    expect(state.messages.map(({ id }) => id)).toEqual(['1', '2', '3']);
    expect([...state.presence.keys()]).toEqual(['ana', 'ben']);
    state = apply(state, event(presence('ana', 'left'), 'presence_update'));
    expect([...state.presence.keys()]).toEqual(['ben']);
  });

  it('the dashboard keeps metrics that an event leaves out, and shows only those asked for', () => {
    const { apply, select, fromSnapshot } = TOPIC_REDUCERS.dashboard;
    const state = apply(fromSnapshot({ metrics: { occupancy: 3, waiting: 1 }, alerts: [], timestamp: 'a' }), event({ metrics: { occupancy: 4 }, alerts: [], timestamp: 'b' }));
    expect(state).toEqual({ metrics: { occupancy: 4, waiting: 1 }, alerts: [], timestamp: 'b' });
    expect(select(state, { metrics: ['waiting'] })!.metrics).toEqual({ waiting: 1 });
  });

  it('analytics has one entry per series and date', () => {
    const { fromSnapshot, apply } = TOPIC_REDUCERS.analytics;
    const state = apply(fromSnapshot([row('visits', '2026-03-02', 1), row('equipment', '2026-03-02', 1)]), event(row('visits', '2026-03-02', 2)));
    expect(state.map(({ series, totals }) => [series, totals['n']])).toEqual([['visits', 2], ['equipment', 1]]);
  });
});

describe('filters', () => {
  const keys = ['type', 'location', 'status'] as const;
  const values = fc.uniqueArray(fc.constantFrom('A', 'B', 'C'), { minLength: 1 });
  const filters = fc.dictionary(fc.constantFrom(...keys), values).map((some) => normalFilters(some));
  const entity = fc.record({ type: fc.constantFrom('A', 'B', 'C'), location: fc.constantFrom('A', 'B', 'C'), status: fc.constantFrom('A', 'B', 'C') });

  it('[SUB5] merged filters let through whatever any of them does', () => {
    fc.assert(
      fc.property(fc.array(filters, { minLength: 1, maxLength: 4 }), entity, (all, one) => {
        const merged = mergedFilters(all);
        return all.every((some) => coversFilters(merged, some) && (!matchesFilters('equipment', one, some) || matchesFilters('equipment', one, merged)));
      }),
    );
  });

  it('filters that cover others let through all that those do', () => {
    fc.assert(fc.property(filters, filters, entity, (wide, narrow, one) => !coversFilters(wide, narrow) || !matchesFilters('equipment', one, narrow) || matchesFilters('equipment', one, wide)));
  });

  it('[TOP1] values match in any letter case; lists are OR, keys are AND', () => {
    const pc = { id: 'pc1', type: 'COMPUTER', location: 'Main Library' };
    expect(matchesFilters('equipment', pc, normalFilters({ type: ['computer', 'x'], equipmentId: 'pc1' }))).toBe(true);
    expect(matchesFilters('equipment', pc, normalFilters({ type: 'computer', location: 'AVR Room' }))).toBe(false);
    expect(matchesFilters('equipment', pc, normalFilters({ status: 'AVAILABLE' }))).toBe(false);
  });

  it('[TOP3] a role narrows by whom a notice is addressed to', () => {
    const role = normalFilters({ role: 'LIBRARIAN' });
    expect(matchesFilters('notifications', { recipients: { roles: ['STAFF', 'LIBRARIAN'] } }, role)).toBe(true);
    expect(matchesFilters('notifications', { recipients: { roles: ['STAFF'] } }, role)).toBe(false);
    expect(matchesFilters('notifications', {}, role)).toBe(true);
  });

  it('a room does not hide who is present', () => {
    const room = normalFilters({ room: 'staff' });
    expect(matchesFilters('chat', message('1', { room: 'avr' }), room)).toBe(false);
    expect(matchesFilters('chat', { userId: 'u', state: 'active' }, room)).toBe(true);
  });
});
