import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Connection } from './connection.ts';
import type { Identity } from './identity.ts';
import type { InboundLane } from './inbound-lane.ts';
import type { Transport } from './transport.ts';
import { factsOf, judge, malformed, NO_PLACE, refuseUpgrade, type JudgeContext, type Judgement, type RequestFacts } from './upgrade.ts';
import type { WsServer } from './ws-socket.ts';

/** What the door hands over to. */
export interface Hall {
  readonly judging: JudgeContext;
  readonly wsServer: WsServer;
  log(facts: RequestFacts, judgement: Judgement): void;
  readonly places: { claimPlace(userId: string): Promise<boolean>; releasePlace(userId: string): void };
  /** Undefined = the client was told why it may not stay, and is being closed. */
  connect(identity: Identity, facts: RequestFacts, transport: Transport, batching: boolean, hasPlace: boolean): { readonly connection: Connection; readonly lane: InboundLane } | undefined;
  signOfLife(connection: Connection, pong: boolean): void;
  failed(error: unknown): void;
}

/** Takes the upgrades of a server: judges them, and lets in who may come. Returns how to stop. */
export function openDoor(server: Server, hall: Hall): () => void {
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => void upgrade(hall, request, socket, head);
  server.on('upgrade', onUpgrade);
  return () => server.off('upgrade', onUpgrade);
}

async function upgrade(hall: Hall, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  const ignore = (): void => undefined;
  // A socket that breaks while it is judged must not bring the process down.
  socket.on('error', ignore);
  const { config } = hall.judging;
  const facts = factsOf(request, config);
  try {
    const judgement: Judgement = pathOf(request) === config.path ? (malformed(request) ?? (await judge(hall.judging, request, facts))) : { kind: 'refuse', status: 404, reason: 'there is nothing at this path' };
    if (judgement.kind === 'refuse') {
      hall.log(facts, judgement);
      return refuseUpgrade(socket, judgement);
    }
    const { identity } = judgement;
    const hasPlace = await hall.places.claimPlace(identity.userId);
    const handshake = hall.wsServer.accept(request, socket, head);
    if (handshake.kind !== 'open') {
      if (hasPlace) hall.places.releasePlace(identity.userId);
      if (handshake.kind === 'gone') return;
      const refused = { kind: 'refuse', status: 400, reason: handshake.reason, userId: identity.userId } as const;
      hall.log(facts, refused);
      return refuseUpgrade(socket, refused);
    }
    hall.log(facts, hasPlace ? judgement : { ...NO_PLACE, userId: identity.userId });
    const { transport } = handshake;
    socket.off('error', ignore);
    const batching = new URL(request.url ?? '/', 'http://localhost').searchParams.get('batch') === '1';
    const client = hall.connect(identity, facts, transport, batching, hasPlace);
    transport.listen({
      onText: (text) => client?.lane.receive(text),
      onSign: (pong) => client && hall.signOfLife(client.connection, pong),
      onClosed: (code, reason) => client?.connection.ended(code, reason),
    });
  } catch (error) {
    hall.failed(error);
    refuseUpgrade(socket, { kind: 'refuse', status: 503, reason: 'the server could not check this request', retryAfter: 5 });
  }
}

export function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/';
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
