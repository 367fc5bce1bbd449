import { ChatMessage } from '@clms/protocol';
import type { Selectable } from 'kysely';
import { newId } from '../ids.ts';
import type { Db } from '../store/open-store.ts';
import type { Tables } from '../store/tables.ts';
import { invalid, Refusal } from './refusal.ts';
import type { Unit } from './unit.ts';
import type { Venue } from './venue.ts';

type ChatRow = Selectable<Tables['chatMessages']>;

/** [CHT1] The rooms: one for all staff, one per location. */
export function chatRooms(venue: Venue): string[] {
  return ['staff', ...venue.settings.locations.map((location) => location.name)];
}

/** The room by its own name; refuses unknown ones and names those there are. */
export function chatRoom(venue: Venue, room: string): string {
  const rooms = chatRooms(venue);
  const found = rooms.find((candidate) => candidate.toLowerCase() === room.trim().toLowerCase());
  if (found === undefined) throw invalid('room', `There is no such room. Rooms: ${rooms.join(', ')}.`);
  return found;
}

/** [CHT1] Posts a message once: the same `clientMessageId` of the same user gives the message that is there already. */
export async function postChat(unit: Unit, input: { room: string; text: string; clientMessageId: string }): Promise<ChatMessage> {
  const { actor } = unit;
  if (actor.kind !== 'user') throw new Refusal(403, 'FORBIDDEN', 'Only staff can write in the chat.');
  const room = chatRoom(unit.venue, input.room);
  if (input.text.trim() === '') throw invalid('text', 'A message needs some text.');
  const sent = await unit.db.selectFrom('chatMessages').selectAll().where('userId', '=', actor.id).where('clientMessageId', '=', input.clientMessageId).executeTakeFirst();
  if (sent) return chatMessage(sent);
  const row = { id: newId('chat'), room, userId: actor.id, username: actor.name, text: input.text, clientMessageId: input.clientMessageId, createdAt: unit.at };
  await unit.db.insertInto('chatMessages').values(row).execute();
  const message = chatMessage(row);
  unit.publish('chat', 'chat_message', message);
  return message;
}

/** A room's messages, newest first, from before the sequence number given. */
export function chatHistory(db: Db, room: string, page: { limit: number; before?: number | undefined }): Promise<ChatRow[]> {
  let rows = db.selectFrom('chatMessages').selectAll().where('room', '=', room);
  if (page.before !== undefined) rows = rows.where('seq', '<', page.before);
  return rows.orderBy('seq', 'desc').limit(page.limit).execute();
}

/** The newest messages over all rooms, or those named, newest first: what a new subscriber begins with. */
export async function recentChat(db: Db, rooms: readonly string[] | undefined, limit: number): Promise<ChatMessage[]> {
  let rows = db.selectFrom('chatMessages').selectAll();
  if (rooms !== undefined && rooms.length > 0) rows = rows.where('room', 'in', [...rooms]);
  return (await rows.orderBy('seq', 'desc').limit(limit).execute()).map(chatMessage);
}

export function chatMessage({ id, room, userId, username, text, clientMessageId, createdAt }: Omit<ChatRow, 'seq'>): ChatMessage {
  return { id, room, userId, username, text, clientMessageId, timestamp: createdAt };
}
