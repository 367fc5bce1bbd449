import type { ChatMessage } from '@clms/protocol';
import { expect, it } from 'vitest';
import { mergeMessages } from '../src/pages/chat/merge-messages.ts';

const message = (id: string, timestamp: string, room = 'staff'): ChatMessage => ({ id, room, timestamp, userId: 'u1', username: 'ana', text: id, clientMessageId: id });

it('[CHT1] a room shows each message once, oldest first, and none of another room', () => {
  const first = message('a', '2026-10-14T08:00:00.000Z');
  const second = message('b', '2026-10-14T08:01:00.000Z');
  const third = message('c', '2026-10-14T08:02:00.000Z');
  const elsewhere = message('d', '2026-10-14T08:03:00.000Z', 'AVR Room');
  expect(mergeMessages('staff', [second, first], [second, third, elsewhere]).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});
