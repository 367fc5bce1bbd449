import { ApiError, messageOf } from '../../api/api-error.ts';
import type { ImportColumn } from '../../api/import-result.ts';

/** Why nothing was written, and what to do on this page about it. */
export function importErrorWords(error: unknown): string {
  if (!(error instanceof ApiError)) return messageOf(error);
  const { deactivate, percent, rejected, missing } = error.problem.details ?? {};
  switch (error.code) {
    case 'CONFIRM_DEACTIVATION':
      return `${deactivate} people, ${percent} % of the active ones, are not in the file and would be deactivated. If the file really is the whole school, tick “Even if that is more than a fifth” and write it again.`;
    case 'ROWS_REJECTED':
      return `${rejected} ${rejected === 1 ? 'row' : 'rows'} cannot be written. Correct them in the file, or take the tick off “Write nothing if a row is rejected”: then they are left out.`;
    case 'FILE_UNREADABLE':
      return Array.isArray(missing) ? `No column was found for ${missing.join(' and ')}. Say below which column it is.` : error.message;
    default:
      return error.message;
  }
}

/** The columns of a file that could not be read because one that is needed was not found. */
export function columnsOfError(error: unknown): readonly ImportColumn[] | null {
  const columns = error instanceof ApiError ? error.problem.details?.['columns'] : undefined;
  return Array.isArray(columns) ? (columns as readonly ImportColumn[]) : null;
}
