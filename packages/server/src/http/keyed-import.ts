import { createHash } from 'node:crypto';
import type { Actor } from '../domain/actor.ts';
import { invalid, Refusal } from '../domain/refusal.ts';
import { rememberAnswer, seenAnswer, type SeenCommand } from '../domain/seen-commands.ts';
import type { UnitRunner } from '../domain/unit-runner.ts';
import type { ImportInput } from '../imports/carry-out.ts';
import type { ImportDesk } from '../imports/import-desk.ts';
import type { ImportResult } from '../imports/import-result.ts';
import { problemOf } from './problem.ts';

/** What an import answers over HTTP: the import, or the refusal that was remembered. */
export type KeyedAnswer =
  | { readonly kind: 'import'; readonly result: ImportResult; readonly replayed: boolean }
  | { readonly kind: 'refused'; readonly problem: unknown };

/**
 * Idempotency-Key for imports, which are more than one unit and whose answers are large: what is kept of a success is the import's id, and its
 * answer is read again. A refusal by a rule (409) is kept as it was; other failures are not, so that trying again tries again.
 */
export function keyedImports(runner: UnitRunner, desk: ImportDesk): (actor: Actor, header: string | string[] | undefined, input: ImportInput) => Promise<KeyedAnswer> {
  /** Keyed imports at work: a repeat waits here. Bounded by the imports that the desk lets wait. */
  const working = new Map<string, Promise<KeyedAnswer>>();

  async function once(actor: Actor, command: SeenCommand, input: ImportInput): Promise<KeyedAnswer> {
    const seen = await seenAnswer(runner.db, command);
    if (seen) return seen.status === 409 ? { kind: 'refused', problem: seen.body } : { kind: 'import', result: await desk.byId((seen.body as { id: string }).id), replayed: true };
    const remember = (status: number, body: unknown) => runner.run(actor, ({ db, at }) => rememberAnswer(db, command, { status, body }, at));
    try {
      const result = await desk.submit(actor, input);
      await remember(201, { id: result.id });
      return { kind: 'import', result, replayed: false };
    } catch (error) {
      if (error instanceof Refusal && error.status === 409) await remember(409, problemOf(error));
      throw error;
    }
  }

  return async (actor, header, input) => {
    if (header === undefined) return { kind: 'import', result: await desk.submit(actor, input), replayed: false };
    const command = { account: actor.id, key: checkedKey(header), bodyHash: hashOf(input) };
    const name = `${command.account}\n${command.key}`;
    for (let first = working.get(name); first; first = working.get(name)) await first.catch(() => undefined); // its failure is answered to its own caller
    const answer = once(actor, command, input);
    working.set(name, answer);
    try {
      return await answer;
    } finally {
      working.delete(name);
    }
  };
}

function checkedKey(header: string | string[]): string {
  if (typeof header !== 'string' || header.length === 0 || header.length > 255) throw invalid('header.Idempotency-Key', 'Idempotency-Key must have 1 to 255 characters.');
  return header;
}

function hashOf({ bytes, ...options }: ImportInput): string {
  return createHash('sha256').update(JSON.stringify(options)).update('\0').update(bytes).digest('hex');
}
