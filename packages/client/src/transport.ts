import type { ClientEnvelope, Position, ServerEnvelope, SubscribableTopic } from '@clms/protocol';
import type { WireFilters } from './filters.ts';
import type { TransportKind } from './connection-state.ts';

/** Why a transport ended. `code` is a WebSocket close code, 1006 where there was none; `status` an HTTP answer, where it can be seen. */
export interface TransportEnd {
  readonly code: number;
  readonly reason: string;
  readonly status?: number;
  readonly retryAfterMs?: number;
}

export interface TransportEvents {
  /** The server took us without a `welcome` (a repeated poll has none). */
  onReady(): void;
  onFrame(frame: ServerEnvelope): void;
  /** Bytes arrived that are no frame, such as a heartbeat. */
  onLife(): void;
  /** A frame that is not JSON. It is left out; the next `prev` shows what it carried. */
  onMalformed(text: string): void;
  /** At most once, and never after `close`. */
  onEnd(end: TransportEnd): void;
}

/** One subscription as it goes on the wire. */
export interface WireSubscription {
  readonly topic: SubscribableTopic;
  readonly filters?: WireFilters | undefined;
  readonly since?: Position | undefined;
  /** Beside `since`: the state is needed as well, for more is wanted than it holds. */
  readonly snapshot?: boolean | undefined;
}

/**
 * One way of reaching the server, used once: opened on creation, ended by either side, never reopened. After `close` no event comes,
 * whatever the underlying socket still does.
 */
export interface Transport {
  readonly kind: TransportKind;
  /** Undefined where the way is read-only: subscriptions then travel in the request. */
  readonly send?: (message: ClientEnvelope) => void;
  /** Read-only ways: asks again with the subscriptions of now. */
  readonly resubscribe?: () => void;
  close(reason?: string): void;
}

/** What a transport needs to open. */
export interface TransportRequest {
  readonly token: string;
  readonly events: TransportEvents;
  /** The subscriptions of now, with their positions. */
  readonly wanted: () => readonly WireSubscription[];
}
