import type { ScanAnswer } from '../../api/scan.ts';
import { OVERRIDABLE } from './loan-rule-words.ts';

export interface ScanWords {
  readonly tone: 'good' | 'neutral' | 'refused';
  readonly title: string;
}

const TITLES: Readonly<Record<ScanAnswer['result'], ScanWords>> = {
  CHECKED_IN: { tone: 'good', title: 'Checked in' },
  CHECKED_OUT: { tone: 'good', title: 'Checked out' },
  ALREADY_COUNTED: { tone: 'neutral', title: 'Scanned twice, counted once' },
  ALREADY_INSIDE: { tone: 'neutral', title: 'Already inside' },
  BORROWED: { tone: 'good', title: 'Lent' },
  RETURNED: { tone: 'good', title: 'Returned' },
  NEED_BOOK: { tone: 'neutral', title: 'Now the book' },
  LOCATION_FULL: { tone: 'refused', title: 'The room is full' },
  REFUSED: { tone: 'refused', title: 'Not possible' },
  UNKNOWN: { tone: 'refused', title: 'Unknown code' },
};

/** How the desk speaks of a result. */
export const scanWords = ({ result }: ScanAnswer): ScanWords => TITLES[result];

/** The server speaks to whoever scanned; at the desk the last sentence would send staff to themselves. */
export const deskMessage = ({ result, message }: ScanAnswer): string =>
  `${message.replace(/ ?Please (ask at|take it to) the desk\.$/, '')}${result === 'UNKNOWN' ? ' Press / to find the person by name; the code is kept for a look.' : ''}`;

export const mayLendAnyway = ({ result, code, book, person }: ScanAnswer): boolean => result === 'REFUSED' && code !== undefined && OVERRIDABLE.has(code) && book !== undefined && person?.id !== undefined;
export const mayLetInAnyway = ({ result, person }: ScanAnswer): boolean => result === 'LOCATION_FULL' && person?.id !== undefined;
