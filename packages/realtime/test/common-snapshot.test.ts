import { expect, it } from 'vitest';
import { withSnapshot } from '../src/manager-options.ts';
import type { SnapshotRequest, TopicDefinition } from '../src/topic.ts';

const arrivals: TopicDefinition = { name: 'arrivals', filters: {}, delivery: 'droppable', eventTypes: ['arrival'], audience: () => ({ key: 'all' }), project: (event) => event.data };
const request = { filters: {} } as SnapshotRequest;
const options = { snapshot: async (topic: string) => `all of ${topic}` };

it('[SUB4] a topic without a snapshot of its own has the common one', async () => {
  expect(await withSnapshot(arrivals, options).snapshot!(request)).toBe('all of arrivals');
  expect(await withSnapshot({ ...arrivals, snapshot: async () => 'its own' }, options).snapshot!(request)).toBe('its own');
  expect(withSnapshot(arrivals, {}).snapshot).toBeUndefined();
});
