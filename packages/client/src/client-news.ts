import type { ServerEnvelope, SubscribableTopic, TopicEvent, TopicName } from '@clms/protocol';
import type { QueuedMessage } from './send-queue.ts';

/** News about the client itself. */
export type ClientNotice =
  /** What happened on this topic in between is lost; its state was replaced by the present one. */
  | { readonly kind: 'reset'; readonly topic: SubscribableTopic }
  /** A message waited for longer than 5 minutes, or until `close` or a change of user, and was not sent. */
  | { readonly kind: 'message_expired'; readonly message: QueuedMessage }
  /** Another user, or another role: states, positions and queued messages of the last one are gone. */
  | { readonly kind: 'user_changed' }
  | { readonly kind: 'problem'; readonly text: string };

/** An event of topic `T` as handlers get it. */
export type HandledEvent<T extends SubscribableTopic> = T extends TopicName ? TopicEvent<T> & ServerEnvelope : ServerEnvelope;
