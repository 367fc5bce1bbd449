import type { Activity, Equipment, Notification } from '@clms/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { extendSession, startSession } from '../src/domain/sessions.ts';
import { dueWarning, nextDeadline, passedWarning } from '../src/domain/session-warnings.ts';
import { sessionDeadlines } from '../src/jobs/session-deadlines.ts';
import { openDesk, type Desk } from './desk.ts';
import { addItem, addPupil, MINUTE, startJobs, told } from './holdings.ts';

const at = (clock: string) => `2025-10-14T${clock}.000Z`;
const ms = (clock: string) => Date.parse(at(clock));

describe('[EQP3] deadlines of a session', () => {
  const session = { startedAt: at('02:00:00'), endsAt: at('03:00:00'), warnedMinutes: null as number | null };

  it.each([
    [null, '02:50:00'], [10, '02:55:00'], [5, '02:59:00'], [1, '03:00:00'],
  ])('after the warning at %s min the next is %s', (warnedMinutes, next) => {
    expect(nextDeadline({ ...session, warnedMinutes })).toBe(ms(next));
  });

  it('of less than ten minutes have only the warnings that lie ahead', () => {
    expect(nextDeadline({ ...session, startedAt: at('02:50:00') })).toBe(ms('02:55:00'));
    expect(nextDeadline({ ...session, startedAt: at('02:57:00') })).toBe(ms('02:59:00'));
    expect(nextDeadline({ ...session, startedAt: at('02:59:00') })).toBe(ms('03:00:00'));
  });

  it('give one warning at each minute, the last of those missed together', () => {
    expect(dueWarning(session, ms('02:49:59'))).toBeUndefined();
    expect(dueWarning(session, ms('02:50:00'))).toBe(10);
    expect(dueWarning(session, ms('02:56:00'))).toBe(5);
    expect(dueWarning({ ...session, warnedMinutes: 5 }, ms('02:56:00'))).toBeUndefined();
    expect(dueWarning(session, ms('02:59:30'))).toBe(1);
    expect(dueWarning(session, ms('03:00:00'))).toBeUndefined();
  });

  it('after an extension begin anew, without those that would lie in the past', () => {
    expect(passedWarning(ms('03:00:00'), ms('02:40:00'))).toBeNull();
    expect(passedWarning(ms('03:00:00'), ms('02:53:00'))).toBe(10);
    expect(passedWarning(ms('03:00:00'), ms('02:58:00'))).toBe(5);
  });
});

describe('[EQP3] the deadline job', () => {
  let desk: Desk;
  let jobs: Awaited<ReturnType<typeof startJobs>>;
  beforeEach(async () => void (desk = await openDesk()));
  afterEach(async () => {
    await jobs.close();
    await desk.close();
  });

  const startOne = async () => {
    const [pc, pupil] = [await addItem(desk, 'PC 1'), await addPupil(desk, 1, '2')];
    return desk.run((unit) => startSession(unit, { equipmentId: pc.id, personId: pupil.id })); // 30 minutes
  };
  const warnings = () => told<Notification>(desk, 'notification').map((notice) => notice.message);

  it('warns at 10, 5 and 1 minute, once each, and ends the session', async () => {
    jobs = await startJobs(desk, sessionDeadlines);
    const session = await startOne();
    await jobs.advance(30 * MINUTE);
    expect(warnings()).toEqual(['Cruz, Pupil 1 has 10 minutes remaining on PC 1', 'Cruz, Pupil 1 has 5 minutes remaining on PC 1', 'Cruz, Pupil 1 has 1 minute remaining on PC 1']);
    expect(told<Notification>(desk, 'notification')[0]).toMatchObject({ title: 'Time Limit Warning', cause: 'TIME_LIMIT_WARNING', category: 'EQUIPMENT', recipients: { roles: ['ADMIN', 'LIBRARIAN', 'STAFF'] } });
    expect(told<Equipment>(desk, 'equipment_update').at(-1)).toMatchObject({ status: 'AVAILABLE' });
    expect(told<Activity>(desk, 'activity_update').at(-1)).toMatchObject({ activityType: 'EQUIPMENT_USE', duration: 1800, metadata: { reason: 'TIME_LIMIT' } });
    expect(await desk.runner.db.selectFrom('equipmentSessions').select(['status', 'endedAt']).execute()).toEqual([{ status: 'EXPIRED', endedAt: session.endsAt }]);
  });

  it('[EQP4] warns again after an extension has moved the end', async () => {
    jobs = await startJobs(desk, sessionDeadlines);
    const session = await startOne();
    await jobs.advance(26 * MINUTE); // 10 and 5 are told
    await desk.run((unit) => extendSession(unit, session.id));
    await jobs.advance(19 * MINUTE);
    expect(warnings().map((message) => Number(/(\d+) minute/.exec(message)?.[1]))).toEqual([10, 5, 10, 5, 1]);
  });

  it('does at start what was missed: ends at the time that was meant, warns with what is left', async () => {
    await startOne();
    desk.clock.advance(27 * MINUTE);
    jobs = await startJobs(desk, sessionDeadlines);
    expect(warnings()).toEqual(['Cruz, Pupil 1 has 3 minutes remaining on PC 1']);
    await jobs.close();
    desk.clock.advance(60 * MINUTE);
    jobs = await startJobs(desk, sessionDeadlines);
    expect(await desk.runner.db.selectFrom('equipmentSessions').select(['status', 'endedAt']).execute()).toEqual([{ status: 'EXPIRED', endedAt: '2025-10-14T03:00:00.000Z' }]);
    expect(warnings()).toHaveLength(1);
  });
});
