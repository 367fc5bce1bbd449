import { expect, it } from 'vitest';
import type { TopicEvent } from '../src/broker.ts';
import { Inbox, type InboxItem } from '../src/inbox.ts';

const NOW = Date.UTC(2030, 0, 15, 12);
const ann = { userId: 'ann', username: 'Ann', role: 'STAFF', sessionId: 's' };
const message = (epoch: string, offset: number): TopicEvent => ({ id: `${epoch}${offset}`, topic: 'inbox', type: 'note', timestamp: new Date(NOW).toISOString(), data: {}, epoch, offset, target: { userId: 'ann' } });

it('[DIR2] [POS1] what was delivered of a history that was lost does not count for the messages of the next one', async () => {
  const inbox = new Inbox(() => NOW);
  const { definition } = inbox;
  const audience = definition.audience(ann)!;
  const delivered = async (history: TopicEvent[]) => ((await definition.snapshot!({ identity: ann, audience, filters: {}, wants: () => true, history: async () => history })) as InboxItem[]).map((item) => item.delivered);

  inbox.connected('tab', 'ann', 0);
  for (const offset of [1, 2, 3]) definition.project(message('old', offset), audience);
  expect(await delivered([message('old', 2), message('old', 3)])).toEqual([true, true]);
  inbox.disconnected('tab', 3);

  expect(await delivered([message('new', 1), message('new', 2)])).toEqual([false, false]);
});

it('[DIR2] who stays connected over a lost history has what comes from then on', async () => {
  const inbox = new Inbox(() => NOW);
  const { definition } = inbox;
  const audience = definition.audience(ann)!;
  inbox.connected('tab', 'ann', 500);
  definition.project(message('old', 501), audience);
  definition.project(message('new', 4), audience);
  const items = (await definition.snapshot!({ identity: ann, audience, filters: {}, wants: () => true, history: async () => [message('new', 3), message('new', 4), message('new', 5)] })) as InboxItem[];
  expect(items.map((item) => item.delivered)).toEqual([false, true, true]);
});
