import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../domain/actor.ts';
import type { Unit } from '../domain/unit.ts';
import type { UnitRunner } from '../domain/unit-runner.ts';
import { checkedKey } from './once-by-key.ts';
import { PROBLEM_TYPE, problemOf } from './problem.ts';

/**
 * Runs the command of a request, once per `Idempotency-Key` and account. Sets status and headers on the reply and resolves to the body,
 * which the handler returns. Callers without an account (pairing a device) are told apart by their address.
 */
export async function onceOnly(runner: UnitRunner, actor: Actor, request: FastifyRequest, reply: FastifyReply, status: number, work: (unit: Unit) => Promise<unknown>): Promise<unknown> {
  const key = checkedKey(request.headers['idempotency-key']);
  if (key === undefined) {
    const body = await runner.run(actor, work);
    reply.code(status);
    return body;
  }
  const command = {
    account: actor.kind === 'system' ? `address:${request.ip}` : actor.id,
    key,
    request: `${request.method} ${request.url}\n${JSON.stringify(withoutSentAt(request.body) ?? null)}`,
  };
  const answer = await runner.runOnce(actor, command, async (unit) => ({ status, body: await work(unit) }), problemOf);
  if (answer.replayed) reply.header('Idempotent-Replayed', 'true');
  if (answer.status >= 400) reply.type(PROBLEM_TYPE);
  reply.code(answer.status);
  return answer.body;
}

/** `sentAt` says when this very attempt left [SCN4], so it differs each time the same command is sent. */
function withoutSentAt(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, 'sentAt')) return body;
  const { sentAt: _sentAt, ...command } = body as Record<string, unknown>;
  return command;
}
