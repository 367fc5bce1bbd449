import type { IncomingMessage, ServerResponse } from 'node:http';
import { CLOSE, INBOX } from '@clms/protocol';
import type { Clock } from './clock.ts';
import type { Connection } from './connection.ts';
import { CursorTracker } from './cursor.ts';
import { answerSubscription, batchCost, tellPositions } from './event-handlers.ts';
import { readFallbackRequest, type FallbackRequest } from './fallback-request.ts';
import type { Identity } from './identity.ts';
import { PollTransport } from './poll.ts';
import { SseTransport } from './sse.ts';
import type { Transport } from './transport.ts';
import { refusal, type Credential, type Judgement, type RequestFacts } from './upgrade.ts';
import type { WebSocketManager } from './websocket-manager.ts';

type Admitted = { readonly identity: Identity; readonly facts: RequestFacts; readonly asked: FallbackRequest & { kind: 'ok' } };

/**
 * The two ways without WebSocket, as handlers for `node:http`. Both speak through the same subscriptions, limits and projections as sockets
 * [FB4]; neither leaves anything on this node when the request has ended [FB3].
 */
export interface Fallbacks {
  /** [FB1] Server-sent events. `extra` counts when the request shows no credential of its own. */
  handleEvents(request: IncomingMessage, response: ServerResponse, extra?: Credential): Promise<void>;
  /** [FB2] One long poll. */
  handlePoll(request: IncomingMessage, response: ServerResponse, extra?: Credential): Promise<void>;
}

export function createFallbacks(manager: WebSocketManager, clock: Clock): Fallbacks {
  return {
    async handleEvents(request, response, extra) {
      const admitted = await admit(manager, request, response, 'sse', extra);
      if (!admitted) return;
      const transport = new SseTransport(response, trackerFor(manager, admitted), clock);
      const connection = open(manager, admitted, transport, response);
      if (!connection) return;
      transport.onTaken = () => (connection.lastSeenMs = clock.now());
      // Nobody can ask on a stream in one direction, so its client is told unasked that it has everything, or what it lacks.
      transport.onBeat = () => tellPositions(manager.handlers, connection);
      await subscribeAll(manager, connection, admitted);
    },

    async handlePoll(request, response, extra) {
      const admitted = await admit(manager, request, response, 'poll', extra);
      if (!admitted) return;
      const { asked } = admitted;
      const resuming = asked.wanted.length > 0 && asked.wanted.every((entry) => entry['since'] !== undefined);
      const transport = new PollTransport(response, trackerFor(manager, admitted), clock, asked.timeoutMs, resuming);
      const connection = open(manager, admitted, transport, response);
      if (!connection) return;
      transport.onEnough = () => connection.close(CLOSE.NORMAL, 'answered');
      await subscribeAll(manager, connection, admitted);
      transport.allSubscribed();
    },
  };
}

async function admit(manager: WebSocketManager, request: IncomingMessage, response: ServerResponse, kind: 'sse' | 'poll', extra: Credential | undefined): Promise<Admitted | undefined> {
  const asked = readFallbackRequest(request);
  if (asked.kind === 'malformed') return refuse(response, { kind: 'refuse', status: 400, reason: asked.reason });
  const judgement = await manager.admit(request, kind, extra);
  if (judgement.kind === 'refuse') return refuse(response, judgement);
  const { identity, facts } = judgement;
  const waitMs = await charge(manager, identity.userId, asked.wanted.length);
  if (waitMs === 0 && !response.closed) return { identity, facts, asked };
  manager.abandon(identity.userId);
  return refuse(response, { kind: 'refuse', status: 429, reason: 'too many requests of this user', retryAfter: Math.ceil(waitMs / 1000) });
}

/** [RATE1] The subscriptions of a request are one batch. */
async function charge({ handlers }: WebSocketManager, userId: string, subscriptions: number): Promise<number> {
  return handlers.rateLimited ? handlers.takeUserTokens(userId, batchCost(subscriptions)) : 0;
}

function refuse(response: ServerResponse, judgement: Judgement & { kind: 'refuse' }): undefined {
  const { status, headers, body } = refusal(judgement);
  response.writeHead(status, headers).end(body);
  return undefined;
}

function trackerFor(manager: WebSocketManager, { asked }: Admitted): CursorTracker {
  const { epoch, offset } = manager.handlers.broker.position(INBOX);
  return new CursorTracker(asked.since, { epoch, offset });
}

function open(manager: WebSocketManager, { identity, facts }: Admitted, transport: Transport, response: ServerResponse): Connection | undefined {
  const connection = manager.connect(identity, facts, transport, false, true)?.connection;
  // Closes of our own have ended the connection before.
  if (connection) response.on('close', () => connection.ended(CLOSE.GOING_AWAY, 'the request ended'));
  return connection;
}

async function subscribeAll(manager: WebSocketManager, connection: Connection, { asked }: Admitted): Promise<void> {
  for (const data of asked.wanted) {
    if (connection.isClosed) return;
    await answerSubscription(manager.handlers, connection, data);
  }
}
