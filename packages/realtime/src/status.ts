import type { Connection } from './connection.ts';
import type { Counters } from './metrics.ts';

/** How a node is doing (`GET /api/websocket/status`). Rates are per second over about ten seconds, latency is in milliseconds. */
export interface NodeStatus {
  readonly nodeId: string;
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly state: 'ok' | 'degraded' | 'draining';
  readonly activeConnections: number;
}

export interface ManagerStatus {
  /** Since start. */
  readonly totalConnections: number;
  readonly activeConnections: number;
  readonly messagesPerSecond: number;
  /** Errors sent per message received, 0–1. */
  readonly errorRate: number;
  readonly averageLatency: number;
  readonly byRole: Readonly<Record<string, number>>;
  readonly byTopic: Readonly<Record<string, number>>;
  /** Connections that take nothing of what waits for them at this moment, and those ended for it [OUT3] within the last minute. */
  readonly slowConsumers: number;
  readonly droppedMessages: number;
  readonly reconnects: number;
  readonly nodes: readonly NodeStatus[];
}

/** One live connection, for administrators. */
export interface ConnectionInfo {
  readonly clientId: string;
  readonly userId: string;
  readonly username: string;
  readonly role: string;
  readonly transport: string;
  readonly address: string;
  readonly userAgent: string | null;
  readonly connectedAt: string;
  readonly topics: readonly string[];
  readonly queue: { readonly messages: number; readonly bytes: number };
  readonly latencyMs: number | null;
}

export function connectionInfo(connection: Connection): ConnectionInfo {
  const { clientId, identity, transport, address, userAgent } = connection;
  return {
    clientId,
    userId: identity.userId,
    username: identity.username,
    role: identity.role,
    transport: transport.kind,
    address,
    userAgent: userAgent ?? null,
    connectedAt: new Date(connection.connectedAtMs).toISOString(),
    topics: [...connection.subscriptions.keys()],
    queue: connection.queued,
    latencyMs: connection.latencyMs ?? null,
  };
}

/** How one node is doing. */
export function statusOf(facts: {
  readonly counters: Counters;
  readonly connections: readonly Connection[];
  readonly byRole: Readonly<Record<string, number>>;
  readonly byTopic: Readonly<Record<string, number>>;
  readonly messagesPerSecond: number;
  /** Lately. */
  readonly endedAsSlow: number;
  readonly node: NodeStatus;
}): ManagerStatus {
  const { counters, connections, byRole, byTopic, messagesPerSecond, endedAsSlow, node } = facts;
  const latencies = connections.flatMap(({ latencyMs }) => latencyMs ?? []);
  return {
    totalConnections: counters.totalConnections,
    activeConnections: connections.length,
    messagesPerSecond,
    errorRate: counters.messagesReceived === 0 ? 0 : Math.min(1, counters.errorsSent / counters.messagesReceived),
    averageLatency: latencies.length === 0 ? 0 : latencies.reduce((sum, one) => sum + one, 0) / latencies.length,
    byRole,
    byTopic,
    slowConsumers: connections.filter(({ stuck }) => stuck !== undefined).length + endedAsSlow,
    droppedMessages: counters.droppedMessages,
    reconnects: counters.reconnects,
    nodes: [node],
  };
}

/** The nodes of a cluster as one: counts are added, rates too, latency is weighted by connections. */
export function addStatuses(statuses: readonly ManagerStatus[]): ManagerStatus {
  const sum = (pick: (status: ManagerStatus) => number): number => statuses.reduce((total, status) => total + pick(status), 0);
  const records = (pick: (status: ManagerStatus) => Readonly<Record<string, number>>): Record<string, number> => {
    const total: Record<string, number> = {};
    for (const status of statuses) for (const [key, count] of Object.entries(pick(status))) total[key] = (total[key] ?? 0) + count;
    return total;
  };
  const active = sum((status) => status.activeConnections);
  const messages = sum((status) => status.messagesPerSecond);
  return {
    totalConnections: sum((status) => status.totalConnections),
    activeConnections: active,
    messagesPerSecond: messages,
    errorRate: messages === 0 ? Math.max(0, ...statuses.map((status) => status.errorRate)) : sum((status) => status.errorRate * status.messagesPerSecond) / messages,
    averageLatency: active === 0 ? 0 : sum((status) => status.averageLatency * status.activeConnections) / active,
    byRole: records((status) => status.byRole),
    byTopic: records((status) => status.byTopic),
    slowConsumers: sum((status) => status.slowConsumers),
    droppedMessages: sum((status) => status.droppedMessages),
    reconnects: sum((status) => status.reconnects),
    nodes: statuses.flatMap((status) => status.nodes),
  };
}
