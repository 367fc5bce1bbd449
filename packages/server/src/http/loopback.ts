import type { FastifyRequest } from 'fastify';

/** Whether the caller is a program on this machine: the socket itself comes from loopback, and no proxy says that it speaks for somebody else. */
export function isLoopbackCaller({ headers, socket }: FastifyRequest): boolean {
  return isLoopback(socket.remoteAddress ?? '') && headers['x-forwarded-for'] === undefined && headers.forwarded === undefined;
}

/** Whether an address, or a host to listen on, is reachable from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(host);
}
