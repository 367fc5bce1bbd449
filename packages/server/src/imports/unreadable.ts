import { Refusal } from '../domain/refusal.ts';

/** The file as a whole cannot be read. The words say what is wrong and what would be right. */
export const unreadable = (words: string, details?: Record<string, unknown>): Refusal => new Refusal(422, 'FILE_UNREADABLE', words, details ? { details } : {});

/** The file, or what is packed in it, is over a limit. */
export const tooLarge = (words: string, details: Record<string, unknown>): Refusal => new Refusal(413, 'FILE_TOO_LARGE', words, { details });
