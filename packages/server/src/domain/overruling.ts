import { Refusal } from './refusal.ts';

/**
 * Staff decide against these rules on lending and stations: only with a reason, which the audit keeps. Resolves to the reason; refuses (400) where
 * there is none. (At a full door there is no time to type: who let somebody in is written down, and the reason where one was given.)
 */
export function reasonToOverrule(overruled: readonly string[], reason: string | undefined): string {
  const words = reason?.trim() ?? '';
  if (words !== '') return words;
  const message = `Deciding against a rule (${overruled.join(', ')}) needs a reason, which is written down.`;
  throw new Refusal(400, 'REASON_REQUIRED', message, { details: { overruled }, errors: [{ path: 'body.reason', message: 'say why, in 1 to 200 characters' }] });
}
