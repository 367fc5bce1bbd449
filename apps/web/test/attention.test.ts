import type { Alert, Equipment, Notification } from '@clms/protocol';
import { describe, expect, test } from 'vitest';
import { attentionList } from '../src/pages/dashboard/attention.ts';

const NOW = Date.parse('2026-01-05T02:00:00.000Z');
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();
const station = (name: string, endsAt: string | null): Equipment => ({
  id: name, name, type: 'COMPUTER', status: 'IN_USE', location: 'Main Library', seats: 1, waiting: 0, version: 1,
  sessions: [{ id: `session ${name}`, studentName: 'Cruz, Aya', startedAt: at(-30), endsAt, extensions: 0 }],
});
const alert = (type: string, severity: Alert['severity'] = 'WARNING'): Alert => ({ type, message: type, count: 1, severity });
const notice = (more: Partial<Notification>): Notification => ({ id: 'n', title: 'Boiler', message: 'leaks', priority: 'HIGH', category: 'SYSTEM', timestamp: at(-1), actionable: false, ...more });

const listed = (one: Notification) => attentionList([], [], [one], NOW).length;

describe('what needs somebody', () => {
  test('[EQP3] sessions in their last ten minutes, soonest first, instead of the alert that counts them', () => {
    const list = attentionList([alert('TIME_LIMIT_WARNING'), alert('OVERDUE')], [station('PC 1', at(9)), station('PC 2', at(3)), station('PC 3', at(11)), station('PC 4', null)], [], NOW);
    expect(list.map((one) => (one.kind === 'ending' ? `${one.station} ${one.minutes}` : one.kind === 'alert' ? one.alert.type : ''))).toEqual(['PC 2 3', 'PC 1 9', 'OVERDUE']);
  });

  test('[DSH1] an alert whose cause is not listed stays', () => {
    expect(attentionList([alert('TIME_LIMIT_WARNING')], [], [], NOW)).toHaveLength(1);
  });

  test('danger stands above warnings', () => {
    expect(attentionList([alert('OVERDUE'), alert('CAPACITY_WARNING', 'DANGER')], [], [], NOW)[0]).toMatchObject({ alert: { type: 'CAPACITY_WARNING' } });
  });

  test('[NOT2] notices wait until somebody acknowledges them or they expire', () => {
    expect(listed(notice({ requiresAck: true }))).toBe(1);
    expect(listed(notice({ priority: 'CRITICAL' }))).toBe(1);
    expect(listed(notice({ requiresAck: true, acknowledgedBy: 'ana' }))).toBe(0);
    expect(listed(notice({ requiresAck: true, expiresAt: at(-1) }))).toBe(0);
    expect(listed(notice({}))).toBe(0);
  });
});
