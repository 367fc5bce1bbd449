import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { BEARER_SUBPROTOCOL_PREFIX } from '@clms/protocol';
import type { ResolvedConfig } from './config.ts';
import type { AuthResult } from './event-handlers.ts';
import type { Identity } from './identity.ts';
import { originAllowed } from './origin.ts';
import { STATUS_CODES } from './node-http.ts';

/** What a client shows [UP2]. */
export type Credential =
  | { readonly token: string }
  | { readonly ticket: string }
  /** A browser's session cookie, where the application lets it count [FB4]; never read from an upgrade. */
  | { readonly session: string };

export interface RequestFacts {
  readonly address: string;
  readonly origin: string | undefined;
  readonly userAgent: string | undefined;
}

/** One attempt to connect, for the security log [UP6]. */
export interface SecurityEntry extends RequestFacts {
  readonly outcome: 'ACCEPTED' | 'REFUSED';
  readonly reason: string;
  readonly userId: string | undefined;
  readonly transport: 'ws' | 'sse' | 'poll';
}

export type Judgement =
  | { readonly kind: 'accept'; readonly identity: Identity }
  | { readonly kind: 'refuse'; readonly status: 400 | 401 | 403 | 404 | 426 | 429 | 503; readonly reason: string; readonly retryAfter?: number; readonly userId?: string };

export interface JudgeContext {
  readonly config: ResolvedConfig;
  authenticate(credential: Credential, request: RequestFacts): Promise<AuthResult>;
  readonly authorize: ((identity: Identity) => boolean) | undefined;
  readonly anonymous: (() => Identity) | undefined;
  draining(): boolean;
  full(): boolean;
  /** [RATE2] 0, or milliseconds to wait. */
  takeConnectToken(address: string): number;
}

/** Judges who wants to connect, by whatever transport: limits first, then origin, credential, role. */
export async function judge(context: JudgeContext, request: IncomingMessage, facts: RequestFacts, extra?: Credential): Promise<Judgement> {
  const { config } = context;
  if (context.draining()) return { kind: 'refuse', status: 503, reason: 'the server is shutting down', retryAfter: 5 };
  const waitMs = context.takeConnectToken(facts.address);
  if (waitMs > 0) return { kind: 'refuse', status: 429, reason: 'connecting too fast', retryAfter: Math.ceil(waitMs / 1000) };
  if (context.full()) return { kind: 'refuse', status: 503, reason: 'all places are taken', retryAfter: 30 };
  if (!originAllowed({ origin: facts.origin, host: hostOf(request, config), allowed: config.allowedOrigins })) return { kind: 'refuse', status: 403, reason: 'this origin may not connect' };
  const found = credentialOf(request);
  if (found === 'in-query') return { kind: 'refuse', status: 400, reason: 'a token in the URL would be logged by proxies; use the Authorization header, the subprotocol or a ticket' };
  const credential = found ?? extra;
  if (!credential) {
    if (!config.requireAuth && context.anonymous) return allow(context, context.anonymous());
    return { kind: 'refuse', status: 401, reason: 'no credential was shown' };
  }
  const result = await context.authenticate(credential, facts);
  if (result.kind === 'refused') return { kind: 'refuse', status: result.status, reason: result.reason };
  return allow(context, result.identity);
}

/** Seconds after which a user with too many connections may try again. */
const NO_PLACE_RETRY_S = 30;
/** [UP5] All of the user's places are taken. */
export const NO_PLACE = { kind: 'refuse', status: 429, reason: 'too many connections of this user', retryAfter: NO_PLACE_RETRY_S } as const satisfies Judgement;

/** Whether somebody known may have a connection at all. */
export function mayConnect({ config, authorize }: Pick<JudgeContext, 'config' | 'authorize'>, identity: Identity): boolean {
  return config.allowedRoles?.includes(identity.role) !== false && authorize?.(identity) !== false;
}

function allow(context: JudgeContext, identity: Identity): Judgement {
  if (!mayConnect(context, identity)) {
    return { kind: 'refuse', status: 403, reason: `the role ${identity.role} may not connect`, userId: identity.userId };
  }
  return { kind: 'accept', identity };
}

/** [UP2] The first that is present counts. */
function credentialOf(request: IncomingMessage): Credential | 'in-query' | undefined {
  const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
  for (const [name, value] of query) if (/^(access_?)?token$|^jwt$|^bearer$/i.test(name) || /^([Bb]earer +)?eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(value)) return 'in-query';
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return { token: bearer };
  if (request.headers.authorization !== undefined) return { token: '' };
  const entry = (request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .find((name) => name.startsWith(BEARER_SUBPROTOCOL_PREFIX));
  if (entry !== undefined) return { token: entry.slice(BEARER_SUBPROTOCOL_PREFIX.length) };
  const ticket = query.get('ticket');
  return ticket === null ? undefined : { ticket };
}

/** Who is asking, behind trusted proxies the one they speak for. */
export function factsOf(request: IncomingMessage, config: Pick<ResolvedConfig, 'trustProxy'>): RequestFacts {
  const peer = plainAddress(request.socket.remoteAddress ?? '');
  return { address: trusted(config, peer) ? (forwardedFor(request, config) ?? peer) : peer, origin: request.headers.origin, userAgent: request.headers['user-agent'] };
}

function forwardedFor(request: IncomingMessage, config: Pick<ResolvedConfig, 'trustProxy'>): string | undefined {
  const hops = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((hop) => plainAddress(hop.trim()))
    .filter(Boolean);
  // From the right: everything a trusted proxy added is true, the first stranger is who asked.
  return hops.findLast((hop) => !trusted(config, hop)) ?? hops[0];
}

function hostOf(request: IncomingMessage, config: ResolvedConfig): string | undefined {
  const forwarded = request.headers['x-forwarded-host'];
  if (typeof forwarded === 'string' && trusted(config, plainAddress(request.socket.remoteAddress ?? ''))) return forwarded.split(',')[0]!.trim();
  return request.headers.host;
}

const plainAddress = (address: string): string => address.replace(/^::ffff:/, '');
const trusted = ({ trustProxy }: Pick<ResolvedConfig, 'trustProxy'>, address: string): boolean => trustProxy.includes(address);

/** [UP3] Malformed handshakes, by RFC 6455 section 4.2.1; undefined = in order. */
export function malformed(request: IncomingMessage): Judgement | undefined {
  if (request.headers.upgrade?.toLowerCase() !== 'websocket') return { kind: 'refuse', status: 426, reason: 'only the upgrade to "websocket" is offered here' };
  if (request.method !== 'GET' || request.httpVersion === '1.0') return { kind: 'refuse', status: 400, reason: 'a handshake is a GET request of HTTP/1.1' };
  // Node asks for it of every other request; of two, which one was meant would be a guess.
  if (request.headersDistinct['host']?.length !== 1) return { kind: 'refuse', status: 400, reason: 'a handshake names one host' };
  if (request.headers['sec-websocket-version'] !== '13') return { kind: 'refuse', status: 400, reason: 'the WebSocket version must be 13' };
  if (!/^[+/0-9A-Za-z]{22}==$/.test(request.headers['sec-websocket-key'] ?? '')) return { kind: 'refuse', status: 400, reason: 'Sec-WebSocket-Key must be 16 bytes in base64' };
  if (!isProtocolList(request.headers['sec-websocket-protocol'])) return { kind: 'refuse', status: 400, reason: 'Sec-WebSocket-Protocol must be a list of different names' };
  return undefined;
}

function isProtocolList(header: string | undefined): boolean {
  if (header === undefined) return true;
  const names = header.split(',').map((name) => name.trim());
  return names.every((name) => /^[\w!#$%&'*+.^`|~-]+$/.test(name)) && new Set(names).size === names.length;
}

/** The refusal as problem+json, with what the status obliges to say. */
export function refusal(judgement: Judgement & { kind: 'refuse' }): { status: number; headers: Record<string, string>; body: string } {
  const { status, reason, retryAfter } = judgement;
  const title = STATUS_CODES[status] ?? 'Refused';
  const body = JSON.stringify({ type: 'about:blank', title, status, detail: `${reason[0]!.toUpperCase()}${reason.slice(1)}.`, code: CODES[status] });
  return {
    status,
    headers: {
      'Content-Type': 'application/problem+json',
      ...(retryAfter !== undefined && { 'Retry-After': String(Math.max(1, retryAfter)) }),
      ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
      ...(status === 426 && { Upgrade: 'websocket', Connection: 'Upgrade' }),
      ...(status === 400 && { 'Sec-WebSocket-Version': '13' }),
    },
    body,
  };
}

const CODES: Record<number, string> = { 400: 'INVALID_REQUEST', 401: 'UNAUTHORIZED', 403: 'FORBIDDEN', 404: 'NOT_FOUND', 426: 'UPGRADE_REQUIRED', 429: 'RATE_LIMIT', 503: 'UNAVAILABLE' };

/** Answers an upgrade that is not granted, and closes. */
export function refuseUpgrade(socket: Duplex, judgement: Judgement & { kind: 'refuse' }): void {
  if (!socket.writable) return socket.destroy() as unknown as void;
  const { status, headers, body } = refusal(judgement);
  const lines = Object.entries({ Connection: 'close', ...headers, 'Content-Length': String(Buffer.byteLength(body)) }).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}

/** [UP6] What is written down of an attempt: never the credential. */
export function securityEntry(facts: RequestFacts, judgement: Judgement, transport: SecurityEntry['transport']): SecurityEntry {
  return judgement.kind === 'accept'
    ? { ...facts, outcome: 'ACCEPTED', reason: 'OK', userId: judgement.identity.userId, transport }
    : { ...facts, outcome: 'REFUSED', reason: `${judgement.status} ${judgement.reason}`, userId: judgement.userId, transport };
}
