import type { ServerEnvelope, ServerMessageData } from '@clms/protocol';
import type { ConnectionState } from './connection-state.ts';
import type { QueuedMessage } from './send-queue.ts';
import type { SubscriptionSink } from './topic-hub.ts';

export type ServerLimits = ServerMessageData<'welcome'>['limits'];

/** Who says whom the connection speaks for: the token its subject, the welcome the user and the role. Each is compared with its own last word only. */
export type IdentitySource = 'token' | 'welcome';

/** What a link tells the client. */
export interface LinkEvents {
  onState(state: ConnectionState): void;
  /** Before anything is done in this user's name. */
  onIdentity(id: string, source: IdentitySource): void;
  /** The server can be reached: subscriptions go to `sink`. */
  onConnected(sink: SubscriptionSink): void;
  onFrame(frame: ServerEnvelope): void;
  /** A ping that left at `sentAt` (this device's clock) was answered. */
  onPong(data: ServerMessageData<'pong'>, sentAt: number): void;
  onLost(): void;
  onProblem(text: string): void;
}

/** A client's way to the server: a connection of its own, or the one of another tab. */
export interface Link {
  readonly state: ConnectionState;
  readonly limits: ServerLimits | undefined;
  start(): void;
  restart(): void;
  close(reason: string): void;
  /** False = it did not go out; the caller keeps the message. */
  send(message: QueuedMessage): boolean;
  /** Every subscription is up to date. */
  caughtUp(): void;
  /** The server has dealt with these messages. */
  settled(ids: readonly string[]): void;
}
