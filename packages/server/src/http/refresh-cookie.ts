import type { FastifyReply, FastifyRequest } from 'fastify';
import { REFRESH_TTL_MS } from '../domain/accounts/sessions.ts';

const NAME = 'clms_refresh';

/** Goes to all of `/api`, because it counts as a credential on the realtime GET routes too [FB4]; no other site's request carries it. */
const options = (request: FastifyRequest) => ({ path: '/api', httpOnly: true, sameSite: 'strict', secure: request.protocol === 'https' }) as const;

export function refreshTokenOf(request: FastifyRequest): string | undefined {
  return request.cookies[NAME];
}

export function setRefreshCookie(request: FastifyRequest, reply: FastifyReply, refreshToken: string): void {
  reply.setCookie(NAME, refreshToken, { ...options(request), maxAge: REFRESH_TTL_MS / 1000 });
}

export function clearRefreshCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(NAME, options(request));
}

/** The same from a bare `Cookie` header, for requests that do not come through Fastify. */
export function refreshTokenFrom(header: string | undefined): string | undefined {
  const value = header?.split(';').map((part) => part.trim()).find((part) => part.startsWith(`${NAME}=`))?.slice(NAME.length + 1);
  return value === undefined || value === '' ? undefined : value;
}
