import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../config/loopback.ts';

/** Whether the caller is a program on this machine: the socket itself comes from loopback, and no proxy says that it speaks for somebody else. */
export function isLoopbackCaller({ headers, socket }: FastifyRequest): boolean {
  return isLoopback(socket.remoteAddress ?? '') && headers['x-forwarded-for'] === undefined && headers.forwarded === undefined;
}
