import Type from 'typebox';

const Count = Type.Integer({ minimum: 0 });
const Counts = Type.Record(Type.String(), Count);

/** What `GET /api/websocket/status` answers. */
export const LiveStatus = Type.Object({
  totalConnections: Type.Integer({ description: 'since the start' }),
  activeConnections: Count,
  messagesPerSecond: Type.Number({ description: 'both ways, over the last ten seconds' }),
  errorRate: Type.Number({ description: 'errors sent per message received, 0 to 1' }),
  averageLatency: Type.Number({ description: 'milliseconds from ping to pong' }),
  byRole: Counts,
  byTopic: Counts,
  slowConsumers: Type.Integer({ description: 'connections that do not keep up now, and those closed for it within the last minute' }),
  droppedMessages: Type.Integer({ description: 'since the start; each was told to its client as part of a gap' }),
  reconnects: Type.Integer({ description: 'connections since the start that went on where they had stopped' }),
  nodes: Type.Array(Type.Object({ nodeId: Type.String(), version: Type.String(), uptimeSeconds: Count, state: Type.Enum(['ok', 'degraded', 'draining']), activeConnections: Count })),
});

/** One live connection, as `GET /api/websocket/connections` lists it. */
export const LiveConnection = Type.Object({
  clientId: Type.String(),
  userId: Type.String(),
  username: Type.String(),
  role: Type.String(),
  transport: Type.String({ description: 'ws, sse or poll' }),
  address: Type.String(),
  userAgent: Type.Union([Type.String(), Type.Null()]),
  connectedAt: Type.String(),
  topics: Type.Array(Type.String()),
  queue: Type.Object({ messages: Count, bytes: Count }),
  latencyMs: Type.Union([Type.Number(), Type.Null()]),
});
