import type { ScanAnswer } from '../../api/scan.ts';

/** Picture beside the words; each has a form of its own, so that nobody needs its colour. */
export type KioskPicture = 'check' | 'book' | 'clock' | 'warning';

/** What the kiosk shows after a scan. */
export interface KioskView {
  readonly id: string;
  readonly picture: KioskPicture;
  readonly tone: 'good' | 'neutral' | 'problem';
  readonly words: string;
  readonly notices: readonly string[];
}

/** A scan that is over is off the screen after this, when nobody waits. */
export const LONGEST_SHOWN_MS = { good: 4_000, neutral: 5_000, problem: 8_000 } as const;
/** Each result of a burst stays this long at least. */
export const SHORTEST_SHOWN_MS = 1_200;

type Result = ScanAnswer['result'];
const GOOD: ReadonlySet<Result> = new Set(['CHECKED_IN', 'CHECKED_OUT', 'BORROWED', 'RETURNED']);
const NEUTRAL: ReadonlySet<Result> = new Set(['ALREADY_INSIDE', 'ALREADY_COUNTED', 'NEED_BOOK']);
const ABOUT_BOOKS: ReadonlySet<Result> = new Set(['BORROWED', 'RETURNED', 'NEED_BOOK']);

/** The server's answer for the child before the screen. */
export function viewOfAnswer(id: string, { result, message, notices }: ScanAnswer): KioskView {
  const tone = GOOD.has(result) ? 'good' : NEUTRAL.has(result) ? 'neutral' : 'problem';
  const picture = tone === 'problem' ? 'warning' : ABOUT_BOOKS.has(result) ? 'book' : tone === 'good' ? 'check' : 'clock';
  const repeated = result === 'ALREADY_COUNTED' ? ['Already counted. Once is enough.'] : [];
  return { id, picture, tone, words: message, notices: [...repeated, ...notices.map((notice) => notice.message)] };
}

/** The server is away: the scan is kept, and the child may go on. */
export const keptView = (id: string, time: string): KioskView => ({ id, picture: 'check', tone: 'good', words: `Thank you. Noted ${time}.`, notices: [] });

export const failedView = (id: string, words: string): KioskView => ({ id, picture: 'warning', tone: 'problem', words, notices: ['Please ask at the desk.'] });
