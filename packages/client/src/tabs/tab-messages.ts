import type { Position, ServerEnvelope, ServerMessageData, SubscribableTopic } from '@clms/protocol';
import type { ConnectionState } from '../connection-state.ts';
import type { WireFilters } from '../filters.ts';
import type { QueuedMessage } from '../send-queue.ts';

/** The state of a topic as one tab hands it to another. */
export interface HandedState {
  readonly position: Position;
  readonly state: unknown;
  readonly filters: WireFilters;
  readonly provenAt?: string;
}

/** To the tab that holds the connection. */
export type ToLeader =
  /** Who leads, and how do things stand? */
  | { readonly kind: 'hello' }
  | { readonly kind: 'bye' }
  /** Hold this topic for me, and tell its state. */
  | { readonly kind: 'want'; readonly topic: SubscribableTopic; readonly filters: WireFilters }
  | { readonly kind: 'unwant'; readonly topic: SubscribableTopic }
  | { readonly kind: 'send'; readonly message: QueuedMessage }
  /** Somebody looks at the page again. */
  | { readonly kind: 'wake' }
  | { readonly kind: 'start' }
  | { readonly kind: 'restart' };

/** From the tab that holds the connection, to all others. */
export type FromLeader =
  | {
      readonly kind: 'leader';
      readonly state: ConnectionState;
      /** User and role. */
      readonly identity?: string;
      /** Of the present connection, once it came. */
      readonly welcome?: ServerEnvelope<'welcome', ServerMessageData<'welcome'>>;
    }
  | { readonly kind: 'frame'; readonly frame: ServerEnvelope }
  | { readonly kind: 'pong'; readonly data: ServerMessageData<'pong'>; readonly sentAt: number }
  | { readonly kind: 'topic'; readonly topic: SubscribableTopic; readonly held: HandedState }
  | { readonly kind: 'refused'; readonly topic: SubscribableTopic; readonly code: string; readonly message: string }
  | { readonly kind: 'settled'; readonly ids: readonly string[] };

/** `from` names the tab. All tabs run the same build: they share an origin. */
export type TabMessage = (ToLeader | FromLeader) & { readonly from: string };
