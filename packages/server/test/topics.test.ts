import type { Activity, Equipment, Notification } from '@clms/protocol';
import { wantedBy, type Identity, type TopicDefinition, type TopicEvent } from '@clms/realtime';
import { describe, expect, it } from 'vitest';
import { libraryTopics, type SnapshotReads } from '../src/realtime/topics.ts';

const activity: Activity = {
  id: 'activity_1', studentId: 'person_1', studentName: 'Cruz, Aya', gradeCategory: 'JUNIOR_HIGH', activityType: 'BOOK_BORROW', timestamp: '2025-10-14T02:30:00.000Z',
  location: 'Main Library', metadata: { title: 'Noli Me Tangere' },
};
const item: Equipment = {
  id: 'equipment_1', name: 'PC 1', type: 'COMPUTER', status: 'IN_USE', location: 'Main Library', seats: 1, currentUserId: 'person_1', currentUserName: 'Cruz, Aya',
  sessions: [{ id: 'session_1', studentId: 'person_1', studentName: 'Cruz, Aya', startedAt: '2025-10-14T02:30:00.000Z', endsAt: null, extensions: 0 }], waiting: 0, statusReason: 'left by Aya', version: 3,
};
const notice: Notification = { id: 'notice_1', title: 'T', message: 'M', priority: 'HIGH', category: 'USER', timestamp: '2025-10-14T02:30:00.000Z', actionable: false, recipients: { roles: ['LIBRARIAN'], stations: ['door'] } };

const reads: SnapshotReads = {
  activities: async () => [activity],
  equipment: async () => [item],
  notifications: async () => [notice],
  dashboard: async () => ({ metrics: { occupancy: 4, waiting: 1 }, alerts: [{ type: 'OVERDUE', message: '3 overdue', count: 3, severity: 'WARNING' }], timestamp: '2025-10-14T02:30:00.000Z' }),
  analytics: async () => [],
  emergency: async () => [],
  chat: async () => ({ messages: [], presence: [] }),
  system: async () => [],
};
const topics = Object.fromEntries(libraryTopics(reads).map((topic) => [topic.name, topic]));
const identity = (role: string, station?: string): Identity => ({ userId: `user_${role}`, username: role, role, sessionId: 's', ...(station && { station }) });
const event = (topic: string, type: string, data: unknown, meta?: Record<string, unknown>): TopicEvent => ({ id: 'msg_1', topic, type, timestamp: '2025-10-14T02:30:00.000Z', data, epoch: 'e', offset: 1, ...(meta && { meta }) });
const seen = (role: string, one: TopicEvent, station?: string) => {
  const topic = topics[one.topic]!;
  const audience = topic.audience(identity(role, station));
  return audience && topic.project(one, audience);
};

describe('the library’s topics', () => {
  it.each([
    ['activities', ['ADMIN', 'LIBRARIAN', 'STAFF', 'DISPLAY']],
    ['equipment', ['ADMIN', 'LIBRARIAN', 'STAFF', 'KIOSK', 'DISPLAY']],
    ['notifications', ['ADMIN', 'LIBRARIAN', 'STAFF', 'KIOSK']],
    ['dashboard', ['ADMIN', 'LIBRARIAN', 'STAFF', 'DISPLAY']],
    ['analytics', ['ADMIN', 'LIBRARIAN']],
    ['emergency', ['ADMIN', 'LIBRARIAN', 'STAFF', 'KIOSK', 'DISPLAY']],
    ['chat', ['ADMIN', 'LIBRARIAN', 'STAFF']],
    ['system', ['ADMIN', 'LIBRARIAN', 'STAFF', 'KIOSK', 'DISPLAY']],
  ])('[TOP1] %s is for %j', (name, roles) => {
    expect(['ADMIN', 'LIBRARIAN', 'STAFF', 'KIOSK', 'DISPLAY'].filter((role) => topics[name]!.audience(identity(role)))).toEqual(roles);
  });

  it('[TOP2] shows no name, person id or title on a public screen', () => {
    const shown = JSON.stringify([
      seen('DISPLAY', event('activities', 'activity_update', activity)),
      seen('KIOSK', event('equipment', 'equipment_update', item)),
      seen('DISPLAY', event('dashboard', 'dashboard_update', { metrics: {}, alerts: [{ type: 'OVERDUE', message: 'x', count: 1, severity: 'WARNING' }], timestamp: '' })),
    ]);
    for (const secret of ['Cruz', 'Aya', 'person_1', 'Noli', 'OVERDUE']) expect(shown).not.toContain(secret);
    expect(shown).toContain('PC 1');
    expect(seen('STAFF', event('activities', 'activity_update', activity))).toEqual(activity);
  });

  it.each([
    [{ roles: ['LIBRARIAN'] }, true],
    [{ roles: ['LIBRARIAN', 'STAFF'], users: ['user_ADMIN'] }, true],
    [{ users: ['user_LIBRARIAN'] }, false],
    [{ roles: ['STAFF'], users: ['user_LIBRARIAN'] }, false],
  ])('[TOP3] the filter role leaves the notices addressed to that role: to %j %s', (recipients, wanted) => {
    const topic = topics['notifications']! as unknown as TopicDefinition;
    const projected = seen('LIBRARIAN', event('notifications', 'notification', { ...notice, recipients }));
    expect(projected).toBeDefined();
    expect(wantedBy(topic, { role: ['LIBRARIAN'] })(projected, 'notification')).toBe(wanted);
    expect(wantedBy(topic, {})(projected, 'notification')).toBe(true);
  });

  it('[TOP2] gives a filter on a hidden field nothing to match', () => {
    const projected = seen('DISPLAY', event('activities', 'activity_update', activity)) as Record<string, unknown>;
    expect(projected['studentId']).toBeUndefined();
  });

  it('[TOP3] brings a notification to its recipients alone', () => {
    const one = event('notifications', 'notification', notice);
    expect(seen('LIBRARIAN', one)).toEqual(notice);
    expect(seen('ADMIN', one)).toBeUndefined();
    expect(seen('KIOSK', one, 'door')).toEqual(notice);
    expect(seen('KIOSK', one, 'lab')).toBeUndefined();
    expect(seen('STAFF', event('notifications', 'notification', { ...notice, recipients: { users: ['user_STAFF'] } }))).toBeDefined();
    expect(seen('STAFF', event('notifications', 'notification', { ...notice, recipients: {} }))).toBeDefined();
    expect(seen('KIOSK', event('notifications', 'notification', { ...notice, recipients: {} }), 'door')).toBeUndefined();
  });

  it('[TOP1] sends chosen metrics alone, and only when one of them changed', () => {
    const dashboard = topics['dashboard']!;
    const change = (changed: string[]) => event('dashboard', 'dashboard_update', { metrics: { occupancy: 4, waiting: 1 }, alerts: [], timestamp: 't' }, { changed });
    const select = (one: TopicEvent) => dashboard.select!(one.data, { metrics: ['occupancy'] }, one);
    expect(select(change(['occupancy']))).toEqual({ metrics: { occupancy: 4 }, alerts: [], timestamp: 't' });
    expect(select(change(['waiting']))).toBeUndefined();
  });

  it('[SUB4] filters and projects snapshots like events', async () => {
    const snapshot = (name: string, role: string, filters: Record<string, string[]>) => {
      const topic = topics[name]!;
      return topic.snapshot!({ identity: identity(role), audience: topic.audience(identity(role))!, filters, wants: wantedBy(topic as unknown as TopicDefinition, filters), history: async () => [] });
    };
    expect(await snapshot('equipment', 'STAFF', { type: ['computer'] })).toEqual([item]);
    expect(await snapshot('equipment', 'STAFF', { equipmentId: ['equipment_2'] })).toEqual([]);
    expect(JSON.stringify(await snapshot('equipment', 'DISPLAY', {}))).not.toContain('Cruz');
    expect(await snapshot('activities', 'DISPLAY', { studentId: ['person_1'] })).toEqual([]);
    expect(await snapshot('dashboard', 'STAFF', { metrics: ['waiting'] })).toMatchObject({ metrics: { waiting: 1 } });
  });

  it('[TOP2] shows maintenance alone to those who see only that', () => {
    const one = (category: string) => event('system', 'system_update', { id: 's', category, message: 'm', timestamp: 't' });
    expect(seen('KIOSK', one('MAINTENANCE'))).toBeDefined();
    expect(seen('KIOSK', one('SECURITY'))).toBeUndefined();
    expect(seen('ADMIN', one('SECURITY'))).toBeDefined();
  });
});
