import { CLIENT_MESSAGE_TYPES, CUSTOM_TYPE, INBOX, SERVER_MESSAGE_TYPES } from '@clms/protocol';
import type { NewEvent, Target } from './broker.ts';
import type { OutgoingMessage } from './manager-options.ts';
import { newMessageId } from './message-id.ts';
import type { TopicDefinition } from './topic.ts';

/** Types with which a direct message would pass for the connection's own. `error` may be sent: applications report failures with it. */
const UNSENDABLE = new Set<string>([...SERVER_MESSAGE_TYPES.filter((type) => type !== 'error'), ...CLIENT_MESSAGE_TYPES]);

/** [DIR1] [DIR3] A message on `inbox`. Throws a TypeError for a type that cannot be sent. */
export function directMessage(target: Target, message: OutgoingMessage, excludeClientId: string | undefined, wallMs: number): NewEvent {
  if (!CUSTOM_TYPE.test(message.type) || UNSENDABLE.has(message.type)) {
    throw new TypeError(`"${message.type}" cannot be sent as a direct message: a type is 1 to 64 characters of a-z, 0-9 and _, begins with a letter, and is none of the connection's own.`);
  }
  return { ...newEvent(message, INBOX, excludeClientId, wallMs), target };
}

/** An event for a topic's subscribers. Throws a TypeError for a type that the topic does not carry. */
export function topicMessage(topic: TopicDefinition, message: OutgoingMessage, excludeClientId: string | undefined, wallMs: number): NewEvent {
  if (topic.eventTypes !== true && !topic.eventTypes.includes(message.type)) throw new TypeError(`The topic "${topic.name}" carries ${topic.eventTypes.join(', ')}; "${message.type}" is none of them.`);
  return newEvent(message, topic.name, excludeClientId, wallMs);
}

function newEvent({ type, data, id, meta }: OutgoingMessage, topic: string, excludeClientId: string | undefined, wallMs: number): NewEvent {
  return { id: id ?? newMessageId(wallMs), topic, type, timestamp: new Date(wallMs).toISOString(), data, ...(meta && { meta }), ...(excludeClientId !== undefined && { excludeClientId }) };
}
