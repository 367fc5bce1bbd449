import type { Notification, Role } from '@clms/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../src/domain/actor.ts';
import { noticesFor, noticesWithReceipts, raiseNotice, type NewNotice } from '../src/domain/notices.ts';
import { acknowledge } from '../src/domain/receipts.ts';
import { escalation } from '../src/jobs/escalation.ts';
import { KIOSK, openDesk, type Desk } from './desk.ts';
import { MINUTE, startJobs, told } from './holdings.ts';

const BEN: Actor = { kind: 'user', id: 'user_ben', name: 'Ben', role: 'STAFF', sessionId: 'session_ben' };
let desk: Desk;
beforeEach(async () => void (desk = await openDesk()));
afterEach(() => desk.close());

const NOTICE: NewNotice = { title: 'Leak', message: 'Water under PC 4', priority: 'MEDIUM', category: 'EQUIPMENT', recipients: { roles: ['LIBRARIAN'] } };
const raise = (more: Partial<NewNotice> = {}) => desk.run((unit) => raiseNotice(unit, { ...NOTICE, ...more }));
const ownOf = async (actor: { id: string; role: Role; station?: string }, unacknowledged = false) =>
  (await noticesFor(desk.runner.db, { userId: actor.id, role: actor.role, station: actor.station }, new Date(desk.clock.now()).toISOString(), { limit: 10, unacknowledged })).map((row) => row.title);
const events = (from = 0) => told<Notification>(desk, 'notification', from);

describe('[NOT1] a notice', () => {
  it('is stored and told once, with its recipients', async () => {
    const notice = await raise({ actions: [{ id: 'open', label: 'Show', url: '/equipment' }] });
    expect(events()).toEqual([
      {
        id: notice.id, title: 'Leak', message: 'Water under PC 4', priority: 'MEDIUM', category: 'EQUIPMENT', timestamp: '2025-10-14T02:30:00.000Z', recipients: { roles: ['LIBRARIAN'] }, actionable: true,
        actions: [{ id: 'open', label: 'Show', url: '/equipment' }],
      },
    ]);
  });

  it('[TOP3] is read by its recipients only: user, role, station', async () => {
    await raise({ title: 'to a role' });
    await raise({ title: 'to a user', recipients: { users: ['user_ben'] } });
    await raise({ title: 'to a station', recipients: { stations: ['door'], roles: [] } });
    expect(await ownOf({ id: 'user_ana', role: 'LIBRARIAN' })).toEqual(['to a role']);
    expect(await ownOf({ id: 'user_ben', role: 'STAFF' })).toEqual(['to a user']);
    expect(await ownOf({ id: 'device_door', role: 'KIOSK', station: 'door' })).toEqual(['to a station']);
    expect(await ownOf({ id: 'x', role: 'KIOSK', station: 'LIBRARIAN' })).toEqual([]);
  });

  it('is listed whole, past others whose words look alike', async () => {
    for (const title of ['one', 'two', 'three']) await raise({ title });
    for (const title of ['not mine', 'nor this']) await raise({ title, recipients: { stations: ['LIBRARIAN'] } });
    const rows = await noticesFor(desk.runner.db, { userId: 'user_ana', role: 'LIBRARIAN' }, '2025-10-14T02:31:00.000Z', { limit: 3 });
    expect(rows.map((row) => row.title).toSorted()).toEqual(['one', 'three', 'two']);
  });

  it('needs somebody to go to, and is not for the past', async () => {
    await expect(raise({ recipients: { users: [] } })).rejects.toMatchObject({ status: 400 });
    await expect(raise({ expiresAt: '2025-10-14T02:30:00.000Z' })).rejects.toMatchObject({ status: 400 });
  });

  it('leaves the list when it expires', async () => {
    await raise({ expiresAt: '2025-10-14T03:00:00.000Z' });
    expect(await ownOf({ id: 'user_ana', role: 'LIBRARIAN' })).toEqual(['Leak']);
    desk.clock.advance(30 * MINUTE);
    expect(await ownOf({ id: 'user_ana', role: 'LIBRARIAN' })).toEqual([]);
  });
});

describe('[NOT1] receipts', () => {
  it('say who got, saw and acknowledged it, when and where', async () => {
    const notice = await raise({ recipients: { roles: ['LIBRARIAN'], stations: ['door'] } });
    await desk.run((unit) => acknowledge(unit, notice.id, 'delivered'), KIOSK);
    desk.clock.advance(1000);
    await desk.run((unit) => acknowledge(unit, notice.id, 'seen'));
    await desk.run((unit) => acknowledge(unit, notice.id, 'seen'));
    const row = await desk.runner.db.selectFrom('notices').selectAll().executeTakeFirstOrThrow();
    expect((await noticesWithReceipts(desk.runner.db, [row]))[0]?.receipts).toEqual([
      { recipient: 'device_door', state: 'delivered', at: '2025-10-14T02:30:00.000Z', place: 'door' },
      { recipient: 'user_ana', state: 'seen', at: '2025-10-14T02:30:01.000Z', place: null },
    ]);
  });

  it('[TOP3] are not for strangers', async () => {
    const notice = await raise();
    await expect(desk.run((unit) => acknowledge(unit, notice.id, 'acknowledged'), BEN)).rejects.toMatchObject({ status: 404 });
    await expect(desk.run((unit) => acknowledge(unit, 'notice_none', 'seen'))).rejects.toMatchObject({ status: 404 });
  });

  it('may come from whoever sent it, who also finds it in the list', async () => {
    const notice = await desk.run((unit) => raiseNotice(unit, NOTICE), BEN);
    const rows = (sentToo: boolean) => noticesFor(desk.runner.db, { userId: 'user_ben', role: 'STAFF' }, '2025-10-14T02:30:00.000Z', { limit: 10, sentToo });
    expect([(await rows(false)).length, (await rows(true)).length]).toEqual([0, 1]);
    expect(await desk.run((unit) => acknowledge(unit, notice.id, 'acknowledged'), BEN)).toMatchObject({ notice: { acknowledgedBy: 'Ben' } });
  });

  it('[NOT2] the first acknowledgement is told to everybody, the second to nobody', async () => {
    const notice = await raise({ recipients: { roles: ['LIBRARIAN', 'STAFF'] } });
    const before = desk.events.length;
    await desk.run((unit) => acknowledge(unit, notice.id, 'acknowledged'));
    await desk.run((unit) => acknowledge(unit, notice.id, 'acknowledged'), BEN);
    expect(events(before)).toMatchObject([{ id: notice.id, acknowledgedBy: 'Ana', acknowledgedAt: '2025-10-14T02:30:00.000Z' }]);
    expect(await ownOf({ id: 'user_ben', role: 'STAFF' }, true)).toEqual([]);
  });

  it('[EMG1] are kept for emergencies as well', async () => {
    await desk.run((unit) =>
      unit.db.insertInto('emergencies').values({ id: 'emergency_1', version: 1, createdAt: unit.at, updatedAt: unit.at, severity: 'HIGH', message: 'Fire', location: null, raisedAt: unit.at, raisedBy: 'Ana', clearedAt: null, clearedBy: null }).execute(),
    );
    expect(await desk.run((unit) => acknowledge(unit, 'emergency_1', 'seen'), KIOSK)).toEqual({ id: 'emergency_1', state: 'seen' });
    expect(await desk.runner.db.selectFrom('receipts').select(['noticeId', 'recipient', 'place']).execute()).toEqual([{ noticeId: 'emergency_1', recipient: 'device_door', place: 'door' }]);
  });
});

describe('[NOT3] the same cause', () => {
  it('within five minutes raises the count of the notice, later makes another', async () => {
    const first = await raise();
    desk.clock.advance(5 * MINUTE - 1);
    expect(await raise()).toMatchObject({ id: first.id, count: 2 });
    expect(events().map((event) => [event.id, event.count])).toEqual([[first.id, undefined], [first.id, 2]]);
    desk.clock.advance(1);
    expect((await raise()).id).not.toBe(first.id);
  });

  it('is another once the first is acknowledged, and with other words', async () => {
    const first = await raise();
    expect((await raise({ message: 'Water under PC 5' })).id).not.toBe(first.id);
    await desk.run((unit) => acknowledge(unit, first.id, 'acknowledged'));
    expect((await raise()).id).not.toBe(first.id);
  });

  it('of a named cause is the same whatever the words', async () => {
    const first = await raise({ cause: 'FULL', causeKey: 'AVR Room', message: '24 of 30' });
    expect(await raise({ cause: 'FULL', causeKey: 'AVR Room', message: '25 of 30' })).toMatchObject({ id: first.id, cause: 'FULL', count: 2, message: '25 of 30' });
    expect((await raise({ cause: 'FULL', causeKey: 'Main Library' })).id).not.toBe(first.id);
  });
});

describe('[NOT2] escalation', () => {
  it('goes to all staff after 60 s, and to ADMIN as well after 180 s', async () => {
    const jobs = await startJobs(desk, escalation);
    await raise({ priority: 'CRITICAL', recipients: { users: ['user_ben'] } });
    await jobs.advance(59_999);
    expect(events()).toHaveLength(1);
    await jobs.advance(1);
    expect(events().at(-1)).toMatchObject({ requiresAck: true, recipients: { users: ['user_ben'], roles: ['LIBRARIAN', 'STAFF'] } });
    await jobs.advance(119_999);
    expect(events()).toHaveLength(2);
    await jobs.advance(1);
    expect(events().at(-1)?.recipients).toEqual({ users: ['user_ben'], roles: ['LIBRARIAN', 'STAFF', 'ADMIN'] });
    await jobs.advance(60 * MINUTE);
    expect(events()).toHaveLength(3);
    await jobs.close();
  });

  it('stops at the first acknowledgement', async () => {
    const jobs = await startJobs(desk, escalation);
    const notice = await raise({ requiresAck: true });
    await jobs.advance(61_000);
    await desk.run((unit) => acknowledge(unit, notice.id, 'acknowledged'), BEN);
    const before = desk.events.length;
    await jobs.advance(10 * MINUTE);
    expect(events(before)).toEqual([]);
    await jobs.close();
  });

  it('leaves ordinary and expired notices alone', async () => {
    const jobs = await startJobs(desk, escalation);
    await raise();
    await raise({ title: 'short', requiresAck: true, expiresAt: '2025-10-14T02:30:30.000Z' });
    await jobs.advance(10 * MINUTE);
    expect(events()).toHaveLength(2);
    await jobs.close();
  });

  it('missed while the server was down is told once, to the widest circle', async () => {
    await raise({ requiresAck: true });
    desk.clock.advance(10 * MINUTE);
    const jobs = await startJobs(desk, escalation);
    expect(events().map((event) => event.recipients?.roles)).toEqual([['LIBRARIAN'], ['LIBRARIAN', 'STAFF', 'ADMIN']]);
    await jobs.close();
  });
});

