import type { Broker } from './broker.ts';
import type { Clock } from './clock.ts';
import type { ManagerConfig } from './config.ts';
import type { AuthResult, Commands } from './event-handlers.ts';
import type { Identity } from './identity.ts';
import type { PresenceState } from './presence.ts';
import type { SnapshotRequest, TopicDefinition } from './topic.ts';
import type { Credential, RequestFacts, SecurityEntry } from './upgrade.ts';

/** What an application hands to the engine. */
export interface ManagerOptions {
  /** Its topics; the engine adds `inbox`. */
  readonly topics: readonly TopicDefinition<any>[];
  /** Whom a credential belongs to. Called for every connection and for every new token. */
  authenticate(credential: Credential, request: RequestFacts): Promise<AuthResult>;
  /** Whether somebody known may open a connection at all. */
  authorize?(identity: Identity): boolean;
  /** With `requireAuth: false`: who a client without a credential is. */
  anonymous?(): Identity;
  /** Current state of the topics that have no `snapshot` of their own [SUB4]. */
  snapshot?(topic: string, request: SnapshotRequest<any>): Promise<unknown>;
  readonly commands?: Commands;
  readonly broker: Broker;
  readonly clock?: Clock;
  /** Time for the stamps in messages, in epoch milliseconds; default the clock's. */
  wallNow?(): number;
  readonly config?: ManagerConfig;
  readonly nodeId?: string;
  readonly version?: string;
  /** Every attempt to connect [UP6]. */
  securityLog?(entry: SecurityEntry): void;
  /** Whose being here is shown to others, from connecting on [CHT2]; default nobody's. */
  hasPresence?(identity: Identity): boolean;
  /** A user's presence over all tabs has changed, told on the node that is to publish it. */
  onPresence?(state: PresenceState): void;
  /** Something inside failed and was survived. */
  onError?(error: unknown, doing: string): void;
  /** When a turn ends; tests own it. */
  readonly defer?: (work: () => void) => void;
}

export interface OutgoingMessage {
  readonly type: string;
  readonly data: unknown;
  /** Unique for ever: the same id is sent once [ORD2]. Default: a new one. */
  readonly id?: string;
  /** Facts for projections and filters that stay on the server. */
  readonly meta?: Readonly<Record<string, unknown>>;
}

/** The topic with the application's common snapshot, where it has none of its own. */
export function withSnapshot(topic: TopicDefinition, options: Pick<ManagerOptions, 'snapshot'>): TopicDefinition {
  return topic.snapshot || !options.snapshot ? topic : { ...topic, snapshot: (request) => options.snapshot!(topic.name, request) };
}
