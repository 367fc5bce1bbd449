import Type, { type Static } from 'typebox';
import type { Refusal } from '../domain/refusal.ts';
import { STATUS_CODES } from '../node-http.ts';

/** Body of every error, as `application/problem+json` (RFC 9457). */
export const Problem = Type.Object({
  type: Type.String({ description: 'names the kind of problem; the same as `code`, as a URN' }),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String({ description: 'for a human' }),
  code: Type.String({ description: 'in words, for programs' }),
  errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
  details: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'the winner, the bound, the allowed values' })),
});
export type Problem = Static<typeof Problem>;

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

export function problem(status: number, code: string, detail: string, more: Pick<Problem, 'errors' | 'details'> = {}): Problem {
  const type = `urn:clms:problem:${code.toLowerCase().replaceAll('_', '-')}`;
  return { type, title: STATUS_CODES[status] ?? 'Error', status, detail, code, ...more };
}

export function problemOf(refusal: Refusal): Problem {
  return problem(refusal.status, refusal.code, refusal.message, {
    ...(refusal.errors && { errors: [...refusal.errors] }),
    ...(refusal.details && { details: { ...refusal.details } }),
  });
}
