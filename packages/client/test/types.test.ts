import type { Activity, ChatMessage, Equipment } from '@clms/protocol';
import { describe, expectTypeOf, it } from 'vitest';
import type { RealtimeClient } from '../src/index.ts';
import { useTopic } from '../src/react/index.ts';

// Never run: `tsc` reads it, and fails when an expected error is none.
export function compiled(client: RealtimeClient): void {
  client.topic('activities', { activityType: ['CHECK_IN', 'CHECK_OUT'], location: 'Main Library' });
  client.topic('equipment', { type: 'computer', status: 'available' });
  client.subscribe('notifications', { priority: ['HIGH', 'CRITICAL'], role: 'LIBRARIAN' });
  client.subscribe('inbox');

  // @ts-expect-error -- no such topic
  client.topic('weather');
  // @ts-expect-error -- no such filter of this topic
  client.topic('activities', { status: 'AVAILABLE' });
  // @ts-expect-error -- no such value
  client.subscribe('equipment', { status: 'BROKEN' });
  // @ts-expect-error -- the inbox has no filters
  client.subscribe('inbox', { room: 'staff' });
  // @ts-expect-error -- no such filter of this topic
  useTopic('dashboard', { metric: 'occupancy' });

  client.subscribe('activities', {}, ({ type, data }) => {
    expectTypeOf(type).toEqualTypeOf<'activity_update'>();
    expectTypeOf(data).toExtend<Activity>();
  });
  client.subscribe('chat', {}, (event) => {
    if (event.type === 'chat_message') expectTypeOf(event.data).toExtend<ChatMessage>();
    // @ts-expect-error -- presence has no text
    if (event.type === 'presence_update') event.data.text satisfies string;
  });
}

describe('types', () => {
  it('states follow from the topic', () => {
    expectTypeOf<ReturnType<typeof useTopic<'equipment'>>['state']>().toEqualTypeOf<ReadonlyMap<string, Equipment>>();
    expectTypeOf<ReturnType<typeof useTopic<'activities'>>['state']>().toEqualTypeOf<readonly Activity[]>();
  });
});
