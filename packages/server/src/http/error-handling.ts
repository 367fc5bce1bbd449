import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Refusal } from '../domain/refusal.ts';
import type { AllowedMethods } from './allowed-methods.ts';
import { problem, problemOf, PROBLEM_TYPE, type Problem } from './problem.ts';

/** Every failure leaves as a problem document; what the server did wrong is logged and not told. */
export function handleErrors(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler((error: FastifyError | Refusal, request, reply) => {
    if (error instanceof Refusal) return sendRefusal(reply, error);
    const known = ofFramework(error);
    if (known) return send(reply, known);
    log.error({ err: error, method: request.method, route: request.routeOptions.url }, 'a request failed');
    return send(reply, problem(500, 'INTERNAL_ERROR', 'The server could not do this. It has been logged.'));
  });
}

function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  if (refusal.retryAfter !== undefined) reply.header('Retry-After', String(refusal.retryAfter));
  if (refusal.status === 401) reply.header('WWW-Authenticate', 'Bearer');
  return send(reply, problemOf(refusal));
}

/** 404; at a path that exists for other methods 405, with what it takes; who only asks for that (OPTIONS) is told. */
export function sendNotFound(request: FastifyRequest, reply: FastifyReply, allowed: AllowedMethods): FastifyReply {
  const path = request.url.split('?')[0]!;
  const methods = allowed(path);
  if (methods.length === 0) return send(reply, problem(404, 'NO_SUCH_ROUTE', `There is nothing at ${request.method} ${path}.`));
  reply.header('Allow', methods.join(', '));
  if (request.method === 'OPTIONS') return reply.code(204).send();
  return send(reply, problem(405, 'METHOD_NOT_ALLOWED', `${path} does not take ${request.method}.`, { details: { allowed: methods } }));
}

/** An address that cannot even be decoded fails before there is a route. */
export function sendUnreadable(_error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  void send(reply, problem(400, 'INVALID_REQUEST', 'The request could not be read.'));
}

/** Bytes that are not HTTP get the same kind of answer, on the bare socket. */
export function answerBrokenHttp(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const told = problem(status, 'INVALID_REQUEST', 'The request could not be read.');
  const body = JSON.stringify(told);
  socket.end(`HTTP/1.1 ${status} ${told.title}\r\nConnection: close\r\nContent-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function send(reply: FastifyReply, body: Problem): FastifyReply {
  return reply.code(body.status).type(PROBLEM_TYPE).send(body);
}

/** What Fastify itself refuses: its codes mean nothing to callers. */
function ofFramework(error: FastifyError): Problem | undefined {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE': return problem(413, 'BODY_TOO_LARGE', 'The body of this request is too large.');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE': return problem(415, 'MEDIA_TYPE_NOT_SUPPORTED', 'Send the body as application/json.');
    case 'FST_REQ_FILE_TOO_LARGE': return problem(413, 'FILE_TOO_LARGE', 'The file is too large.');
  }
  const { statusCode } = error;
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return problem(statusCode, 'INVALID_REQUEST', statusCode === 400 ? 'The request could not be read.' : error.message);
  return undefined;
}
