import { INBOX, PROTOCOL_VERSION } from '@clms/protocol';
import type { Broker } from './broker.ts';
import type { ResolvedConfig } from './config.ts';
import type { Connection } from './connection.ts';
import type { NodeStatus } from './status.ts';
import type { TopicDefinition } from './topic.ts';

/** `data` of `welcome`: who the client is here, and what it may do. */
export function welcomeData(connection: Connection, config: ResolvedConfig, topics: Iterable<TopicDefinition>, wallMs: number): unknown {
  const { identity, clientId } = connection;
  const { maxPayload, rate, maxSubscriptions, heartbeatMs } = config;
  return {
    clientId,
    userId: identity.userId,
    username: identity.username,
    role: identity.role,
    serverTime: new Date(wallMs).toISOString(),
    availableSubscriptions: [...topics].filter((topic) => topic.name !== INBOX && topic.audience(identity)).map((topic) => topic.name),
    protocol: PROTOCOL_VERSION,
    sessionId: identity.sessionId,
    heartbeatInterval: heartbeatMs,
    tokenExpiresAt: identity.expiresAt === undefined ? null : new Date(identity.expiresAt).toISOString(),
    limits: { maxPayload, messagesPerSecond: rate.perSecond, burst: rate.burst, maxSubscriptions },
  };
}

/** `data` of `status`: what the server knows of this connection. */
export function statusData(connection: Connection, config: ResolvedConfig, broker: Pick<Broker, 'position'>, server: NodeStatus): unknown {
  const { maxPayload, rate, maxSubscriptions, maxConnectionsPerUser } = config;
  const { nodeId, version, uptimeSeconds, state } = server;
  return {
    clientId: connection.clientId,
    userId: connection.identity.userId,
    role: connection.identity.role,
    connectedAt: new Date(connection.connectedAtMs).toISOString(),
    subscriptions: [...connection.subscriptions].map(([topic, { asked }]) => ({ topic, filters: asked, offset: broker.position(topic).offset })),
    queue: connection.queued,
    limits: { maxPayload, messagesPerSecond: rate.perSecond, burst: rate.burst, maxSubscriptions, maxConnectionsPerUser },
    latencyMs: connection.latencyMs ?? null,
    server: { nodeId, version, uptimeSeconds, state },
  };
}
