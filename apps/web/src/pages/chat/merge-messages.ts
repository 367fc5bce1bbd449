import type { ChatMessage } from '@clms/protocol';

/** History and live messages of one room, each once, oldest first. */
export function mergeMessages(room: string, history: readonly ChatMessage[], live: readonly ChatMessage[]): readonly ChatMessage[] {
  const byId = new Map([...history, ...live].filter((message) => message.room === room).map((message) => [message.id, message]));
  return [...byId.values()].toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : a.id < b.id ? -1 : 1));
}
