import type { ImportOutcome, ImportResult } from '../../api/import-result.ts';

export const OUTCOME_WORDS: Readonly<Record<ImportOutcome, string>> = { create: 'New', update: 'Changed', unchanged: 'Unchanged', review: 'To look at', reject: 'Rejected' };
export const STATUS_WORDS: Readonly<Record<ImportResult['status'], string>> = { PREVIEWED: 'Preview', APPLIED: 'Written', FAILED: 'Failed', RUNNING: 'At work' };

/** "SCHOOL_SHEET" → "School sheet"; names of formats keep their capitals. */
export function formatWords(format: string): string {
  return format.includes('_') ? `${format.charAt(0)}${format.slice(1).toLowerCase().replaceAll('_', ' ')}` : format;
}
