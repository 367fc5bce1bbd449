import type { Position, ServerEnvelope, ServerMessageData, SubscribableTopic } from '@clms/protocol';
import type { ConnectionState } from '../connection-state.ts';
import type { WireFilters } from '../filters.ts';
import type { QueuedMessage } from '../send-queue.ts';

/** The state of a topic as one tab hands it to another. */
export interface HandedState<S = unknown> {
  readonly position: Position;
  /** A tab that has reached this offset has missed nothing, though `position` may lie beyond it. */
  readonly newest: number;
  readonly state: S;
  readonly filters: WireFilters;
  readonly provenAt?: string | undefined;
}

/** To the tab that holds the connection. */
export type ToLeader =
  /** Who leads, and how do things stand? */
  | { readonly kind: 'hello' }
  | { readonly kind: 'bye' }
  /** Hold this topic for me, and tell its state; `since` is how far I have heard it. */
  | { readonly kind: 'want'; readonly topic: SubscribableTopic; readonly filters: WireFilters; readonly since?: Position | undefined }
  /** The state that you told is ahead of me: let the server repeat what lies between. */
  | { readonly kind: 'replay'; readonly topic: SubscribableTopic; readonly since: Position }
  | { readonly kind: 'unwant'; readonly topic: SubscribableTopic }
  | { readonly kind: 'send'; readonly message: QueuedMessage }
  /** Somebody looks at the page again. */
  | { readonly kind: 'wake' }
  | { readonly kind: 'start' }
  | { readonly kind: 'restart' };

export type Welcome = ServerEnvelope<'welcome', ServerMessageData<'welcome'>>;

/** From the tab that holds the connection, to all others. */
export type FromLeader =
  | {
      readonly kind: 'leader';
      readonly state: ConnectionState;
      /** User and role. */
      readonly identity: string | undefined;
      /** Of the present connection, once it came. */
      readonly welcome: Welcome | undefined;
    }
  /** `filters` are those that an event came by. */
  | { readonly kind: 'frame'; readonly frame: ServerEnvelope; readonly filters: WireFilters | undefined }
  | { readonly kind: 'pong'; readonly data: ServerMessageData<'pong'>; readonly sentAt: number }
  | { readonly kind: 'topic'; readonly topic: SubscribableTopic; readonly held: HandedState; readonly repeatedFrom: number | undefined }
  | { readonly kind: 'refused'; readonly topic: SubscribableTopic; readonly code: string; readonly message: string }
  | { readonly kind: 'settled'; readonly ids: readonly string[] };

/** `from` names the tab. All tabs run the same build: they share an origin. */
export type TabMessage = (ToLeader | FromLeader) & { readonly from: string };
