import type { ServerEnvelope, ServerMessageData } from '@clms/protocol';
import { Connection, type ConnectionOptions } from './connection.ts';
import type { Link, LinkEvents, ServerLimits } from './link.ts';
import type { Session } from './session.ts';
import type { SubscriptionSink } from './topic-hub.ts';

const SUBSCRIBE_ID = /^sub:([^:]+):/;

/** The topic whose `subscribe` an answer belongs to, or undefined. */
export function topicOfAnswer(frame: ServerEnvelope): string | undefined {
  return frame.replyTo === undefined ? undefined : SUBSCRIBE_ID.exec(frame.replyTo)?.[1];
}

/** A connection of this client's own. */
export class DirectLink implements Link {
  limits: ServerLimits | undefined;
  readonly #connection: Connection;
  readonly #newId: () => string;

  constructor(options: ConnectionOptions, events: LinkEvents) {
    this.#newId = options.env.newId;
    this.#connection = new Connection(options, {
      onState: events.onState,
      onIdentity: events.onIdentity,
      onLost: events.onLost,
      onProblem: events.onProblem,
      onReady: (session) => events.onConnected(this.#sink(session)),
      onFrame: (frame, session) => {
        if (frame.type === 'welcome') this.limits = (frame.data as ServerMessageData<'welcome'>).limits;
        if (frame.type === 'pong') {
          const sentAt = session.pingAnswered(frame.replyTo);
          if (sentAt !== undefined) events.onPong(frame.data as ServerMessageData<'pong'>, sentAt);
        }
        events.onFrame(frame);
      },
    });
  }

  get state() {
    return this.#connection.state;
  }

  start(): void {
    this.#connection.start();
  }

  restart(): void {
    this.#connection.restart();
  }

  wake(): void {
    this.#connection.wake();
  }

  close(reason: string): void {
    this.#connection.close(reason);
  }

  send(message: Parameters<Link['send']>[0]): boolean {
    return this.#connection.send(message);
  }

  caughtUp(): void {
    this.#connection.caughtUp();
  }

  settled(): void {}

  #sink(session: Session): SubscriptionSink {
    // Read-only ways opened with the subscriptions of their time; only what changes afterwards needs another request.
    if (session.kind !== 'ws') {
      const changed = () => session.resubscribe();
      return { subscribe: changed, unsubscribe: changed, opened: true };
    }
    return {
      subscribe: ({ topic, filters, since }) => {
        const data = { topic, ...(filters && { filters }), ...(since && { since }) };
        session.send({ type: 'subscribe', id: `sub:${topic}:${this.#newId()}`, data });
      },
      unsubscribe: (topic) => {
        session.send({ type: 'unsubscribe', id: this.#newId(), data: { topic } });
      },
    };
  }
}
