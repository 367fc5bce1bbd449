import { afterEach, describe, expect, it } from 'vitest';
import { bookRoutes } from '../src/http/routes/books.ts';
import { loanRoutes } from '../src/http/routes/loans.ts';
import { peopleRoutes } from '../src/http/routes/people.ts';
import { settingsRoutes } from '../src/http/routes/settings.ts';
import { bearer, openSchoolServer, type SchoolServer } from './school-server.ts';

let school: SchoolServer | undefined;
afterEach(async () => school?.close());

const dates = (first: string, count: number): string[] => Array.from({ length: count }, (_, index) => new Date(Date.parse(first) + index * 86_400_000).toISOString().slice(0, 10));

/** Saturdays, Sundays and these days are closed. */
const MARCH_2020 = dates('2020-03-14', 9);
const LEAP_DAY = ['2024-02-29'];

describe('a loan made over HTTP, under a calendar and policies that were set over HTTP', () => {
  it.each([
    ['2020-03-04', 14, 'Days', MARCH_2020, '2020-03-18'],
    ['2020-03-04', 14, 'Datedue', MARCH_2020, '2020-03-23'],
    ['2020-03-04', 14, 'Dayweek', MARCH_2020, '2020-03-25'],
    ['2020-03-04', 14, 'Calendar', MARCH_2020, '2020-03-31'],
    ['2020-03-06', 10, 'Days', MARCH_2020, '2020-03-16'],
    ['2020-03-06', 10, 'Datedue', MARCH_2020, '2020-03-23'],
    ['2020-03-06', 10, 'Dayweek', MARCH_2020, '2020-03-23'],
    ['2020-03-06', 10, 'Calendar', MARCH_2020, '2020-03-27'],
    ['2024-02-22', 7, 'Days', LEAP_DAY, '2024-02-29'],
    ['2024-02-22', 7, 'Datedue', LEAP_DAY, '2024-03-01'],
    ['2024-02-22', 7, 'Dayweek', LEAP_DAY, '2024-03-07'],
    ['2024-02-22', 7, 'Calendar', LEAP_DAY, '2024-03-05'],
  ] as const)('[CIR3] lent %s for %i days by %s is due %s', async (lentOn, days, mode, closed, due) => {
    school = await openSchoolServer({ at: `${lentOn}T02:00:00.000Z`, routes: () => [...bookRoutes, ...loanRoutes, ...peopleRoutes(() => undefined), ...settingsRoutes] });
    const headers = bearer(await school.signIn('ana', 'ADMIN'));
    const ask = async (method: 'POST' | 'PATCH', url: string, payload: Record<string, unknown>) => {
      const answer = await school!.inject({ method, url, headers, payload });
      expect(answer.statusCode, answer.body).toBeLessThan(300);
      return answer.json<{ id: string; dueAt: string }>();
    };
    await ask('PATCH', '/api/calendar', { closedDays: closed.map((date) => ({ date, yearly: false, reason: 'closed' })) });
    await ask('PATCH', '/api/policies', { loans: { mode, days: { FIC: days, default: 3 } } });
    const person = await ask('POST', '/api/students', { schoolId: '1', surname: 'Cruz', givenName: 'Aya', gradeLevel: '9' });
    const book = await ask('POST', '/api/books', { barcode: 'A1', title: 'Noli Me Tangere', collectionCode: 'FIC' });
    const loan = await ask('POST', '/api/loans', { bookId: book.id, studentId: person.id });
    // 23:59 in Manila.
    expect(loan.dueAt).toBe(`${due}T15:59:00.000Z`);
  });

  it('[CIR3] gives up on a calendar that never opens with an error that says so', async () => {
    school = await openSchoolServer({ routes: () => [...bookRoutes, ...loanRoutes, ...peopleRoutes(() => undefined), ...settingsRoutes] });
    const headers = bearer(await school.signIn('ana', 'ADMIN'));
    const ask = (method: 'POST' | 'PATCH', url: string, payload: Record<string, unknown>) => school!.inject({ method, url, headers, payload });
    await ask('PATCH', '/api/calendar', { openingHours: { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] } });
    const { id: studentId } = (await ask('POST', '/api/students', { schoolId: '1', surname: 'Cruz', givenName: 'Aya' })).json<{ id: string }>();
    const { id: bookId } = (await ask('POST', '/api/books', { barcode: 'A1', title: 'Noli Me Tangere' })).json<{ id: string }>();
    const answer = await ask('POST', '/api/loans', { bookId, studentId });
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ code: 'CALENDAR_ALWAYS_CLOSED', detail: expect.stringContaining('no open day within 366 days') });
  });
});
