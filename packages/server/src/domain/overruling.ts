import { Refusal } from './refusal.ts';

/** Staff decide against these rules: only with a reason, which the audit keeps. Resolves to the reason; refuses (400) where there is none. */
export function reasonToOverrule(overruled: readonly string[], reason: string | undefined): string {
  const words = reason?.trim() ?? '';
  if (words !== '') return words;
  const message = `Deciding against a rule (${overruled.join(', ')}) needs a reason, which is written down.`;
  throw new Refusal(400, 'REASON_REQUIRED', message, { details: { overruled }, errors: [{ path: 'body.reason', message: 'say why, in 1 to 200 characters' }] });
}
