import { createHash } from 'node:crypto';
import type { Actor } from '../domain/actor.ts';
import { invalid, Refusal } from '../domain/refusal.ts';
import { rememberAnswer, seenAnswer, type SeenAnswer } from '../domain/seen-commands.ts';
import type { UnitRunner } from '../domain/unit-runner.ts';
import { problemOf } from './problem.ts';

const LONGEST_KEY = 255;

/** A request that may be sent again: whose it is, its key if it has one, and what makes two of them the same. */
export interface KeyedRequest {
  readonly actor: Actor;
  /** `Idempotency-Key` as it came. */
  readonly header: string | string[] | undefined;
  content(): string | Uint8Array;
}

export type OnceByKey = (request: KeyedRequest, work: () => Promise<SeenAnswer>) => Promise<SeenAnswer & { readonly replayed: boolean }>;

/**
 * Idempotency-Key for work that is no single unit (an import, a move of the clock); for units see idempotency.ts. A success and a refusal by a rule
 * (409) are kept; other failures are not, so that trying again tries again.
 */
export function onceByKey(runner: UnitRunner): OnceByKey {
  /** Requests with a key that are at work on this node: a repeat waits here. Each is somebody's open request, which bounds them. */
  const working = new Map<string, Promise<unknown>>();

  async function once({ actor, content }: KeyedRequest, key: string, work: () => Promise<SeenAnswer>): Promise<SeenAnswer & { replayed: boolean }> {
    const command = { account: actor.id, key, bodyHash: createHash('sha256').update(content()).digest('hex') };
    const seen = await seenAnswer(runner.db, command);
    if (seen) return { ...seen, replayed: true };
    const remember = (answer: SeenAnswer) => runner.run(actor, ({ db, at }) => rememberAnswer(db, command, answer, at));
    try {
      const answer = await work();
      await remember(answer);
      return { ...answer, replayed: false };
    } catch (error) {
      if (error instanceof Refusal && error.status === 409) await remember({ status: 409, body: problemOf(error) });
      throw error;
    }
  }

  return async (request, work) => {
    const key = checkedKey(request.header);
    if (key === undefined) return { ...(await work()), replayed: false };
    const name = `${request.actor.id}\n${key}`;
    for (let first = working.get(name); first; first = working.get(name)) await first.catch(() => undefined); // its failure is answered to its own caller
    const answer = once(request, key, work);
    working.set(name, answer);
    try {
      return await answer;
    } finally {
      working.delete(name);
    }
  };
}

/** The key of a request, if it has one. */
export function checkedKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header !== 'string' || header.length === 0 || header.length > LONGEST_KEY) throw invalid('header.Idempotency-Key', `Idempotency-Key must have 1 to ${LONGEST_KEY} characters.`);
  return header;
}
