import { ApiError } from './api-error.ts';

/** Refusals that are about one field of the form. */
const FIELD_OF: Readonly<Record<string, string>> = { SCHOOL_ID_TAKEN: 'schoolId', BARCODE_TAKEN: 'barcode', NAME_TAKEN: 'name', USERNAME_TAKEN: 'username' };

/** What the server found wrong, by field, in words for whoever filled in the form. "locations.0.name" is a field of its own. */
export function fieldErrors(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof ApiError)) return {};
  const named = FIELD_OF[error.code];
  if (named !== undefined) return { [named]: error.message };
  return Object.fromEntries((error.problem.errors ?? []).toReversed().map(({ path, message }) => [path.replace(/^\/?body[./]?/, ''), readable(message)]));
}

/** A schema speaks to programs. */
function readable(message: string): string {
  const least = /^must not have fewer than (\d+) characters$/.exec(message)?.[1];
  if (least !== undefined) return least === '1' ? 'This is needed' : `At least ${least} characters`;
  if (message.startsWith('must match pattern')) return 'There is a character in it that cannot be used here';
  return message.charAt(0).toUpperCase() + message.slice(1);
}
