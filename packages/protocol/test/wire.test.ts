import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CLIENT_MESSAGES, CLOSE, CUSTOM_TYPE, ERROR_CODES, ROLES, SERVER_MESSAGES, TOPICS, TOPIC_NAMES, topicOfEvent, WIRE_HISTORY } from '../src/index.ts';

describe('the wire', () => {
  it('changes only together with a line in version.ts', () => {
    const wire = JSON.stringify({ CLIENT_MESSAGES, SERVER_MESSAGES, TOPICS, ROLES, ERROR_CODES, CLOSE });
    const hash = createHash('sha256').update(wire).digest('hex').slice(0, 16);
    expect(hash, 'the wire changed: add a line to WIRE_HISTORY in version.ts that says what and why').toBe(WIRE_HISTORY.at(-1)?.hash);
  });

  it('[TOP1] has the eight topics, each with filters and at least one role', () => {
    expect(TOPIC_NAMES).toEqual(['activities', 'equipment', 'notifications', 'dashboard', 'analytics', 'emergency', 'chat', 'system']);
    for (const topic of Object.values(TOPICS)) {
      expect(Object.keys(topic.filters).length).toBeGreaterThan(0);
      expect(Object.keys(topic.audiences)).toContain('ADMIN');
    }
  });

  it('[TOP2] never gives a kiosk or a display more than public, own or maintenance', () => {
    for (const topic of Object.values(TOPICS)) {
      const audiences: Partial<Record<string, string>> = topic.audiences;
      for (const role of ['KIOSK', 'DISPLAY']) expect([undefined, 'public', 'own', 'maintenance']).toContain(audiences[role]);
    }
  });

  it('knows the topic of each event type, and that custom types are none of them', () => {
    expect(topicOfEvent('presence_update')).toBe('chat');
    expect(topicOfEvent('bus_arrival')).toBeUndefined();
  });

  it.each([
    ['bus_arrival', true],
    ['a', true],
    ['a'.repeat(64), true],
    ['a'.repeat(65), false],
    ['Bus', false],
    ['1bus', false],
    ['', false],
  ])('[DIR3] custom type %j: %s', (type, allowed) => {
    expect(CUSTOM_TYPE.test(type)).toBe(allowed);
  });
});
