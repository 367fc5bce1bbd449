import type { ServerEnvelope } from '@clms/protocol';
import type { Session } from './session.ts';
import type { SubscriptionSink } from './topic-hub.ts';

const SUBSCRIBE_ID = /^sub:(\w+)/;

/** The topic whose `subscribe` an answer belongs to, or undefined. */
export function topicOfAnswer(frame: ServerEnvelope): string | undefined {
  return SUBSCRIBE_ID.exec(frame.replyTo ?? '')?.[1];
}

/** Subscriptions as messages of a session. */
export function sessionSink(session: Session, newId: () => string): SubscriptionSink {
  // Read-only ways opened with the subscriptions of their time; only what changes afterwards needs another request.
  const changed = () => session.resubscribe();
  if (session.kind !== 'ws') return { subscribe: changed, unsubscribe: changed, opened: true };
  return {
    subscribe: (wanted) => {
      const id = `sub:${wanted.topic}:${newId()}`;
      session.asking[wanted.topic] = id;
      session.send({ type: 'subscribe', id, data: wanted });
    },
    unsubscribe: (topic) => {
      session.send({ type: 'unsubscribe', id: newId(), data: { topic } });
    },
  };
}
