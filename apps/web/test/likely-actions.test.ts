import type { Equipment } from '@clms/protocol';
import { describe, expect, test } from 'vitest';
import type { Hold, Loan } from '../src/api/loan.ts';
import type { Person } from '../src/api/person.ts';
import type { Visit } from '../src/api/visit.ts';
import { likelyActions } from '../src/pages/desk/likely-actions.ts';
import type { DeskPerson } from '../src/pages/desk/use-desk-person.ts';

const person = { id: 'p', kind: 'STUDENT', surname: 'Cruz', givenName: 'Aya', active: true } as Person;
const visit = { id: 'v', studentId: 'p', location: 'Main Library', checkedInAt: '2026-01-05T02:00:00.000Z', checkedOutAt: null, endedBy: null } satisfies Visit;
const desk = (more: Partial<DeskPerson> = {}): DeskPerson => ({ person, visit: null, running: undefined, loans: [], holds: [], ...more });
const kinds = (more?: Partial<DeskPerson>) => likelyActions(desk(more)).map(({ action }) => action.kind);

const loan = (status: Loan['status']) => ({ id: status, status }) as Loan;

describe('the three likely actions of the desk', () => {
  test('outside: check in first', () => {
    expect(kinds()).toEqual(['check_in', 'start_session']);
  });

  test('inside: a station, then check out', () => {
    expect(kinds({ visit })).toEqual(['start_session', 'check_out']);
  });

  test('at a station: extend and end it', () => {
    const running = { item: { name: 'PC 3' } as Equipment, session: { id: 's', startedAt: '', endsAt: null, extensions: 0 } };
    expect(kinds({ visit, running })).toEqual(['extend', 'end_session', 'check_out']);
  });

  test('a book that is ready comes before everything', () => {
    const hold = { id: 'h', title: 'Dune', bookId: 'b', status: 'READY' } as Hold;
    expect(kinds({ visit, holds: [hold] })[0]).toBe('hand_over');
  });

  test('overdue books are not offered for renewal', () => {
    const renew = likelyActions(desk({ visit, loans: [loan('ACTIVE'), loan('OVERDUE')] })).find(({ action }) => action.kind === 'renew');
    expect(renew?.action).toEqual({ kind: 'renew', loanIds: ['ACTIVE'] });
  });

  test('never more than three, each with a key of its own', () => {
    const all = likelyActions(desk({ visit, loans: [{ id: 'l', status: 'ACTIVE' } as Loan], holds: [{ bookId: 'b', status: 'READY', title: 'Dune' } as Hold] }));
    expect(all).toHaveLength(3);
    expect(new Set(all.map(({ key }) => key)).size).toBe(3);
  });

  test('an inactive person is offered nothing new', () => {
    expect(kinds({ person: { ...person, active: false } })).toEqual([]);
  });
});
