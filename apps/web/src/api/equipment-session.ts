/** What decides how long a session may last. */
export type BoundReason = 'CATEGORY' | 'ITEM' | 'DAILY' | 'RESERVATION' | 'CLOSING' | 'EXTENSION';

export interface SessionBound {
  readonly minutes: number;
  readonly reason: BoundReason;
}

export interface Session {
  readonly id: string;
  readonly equipmentId: string;
  readonly studentId: string | null;
  readonly startedAt: string;
  readonly endsAt: string | null;
  readonly extensions: number;
  readonly status: 'ACTIVE' | 'COMPLETED' | 'EXPIRED' | 'TERMINATED';
  readonly bound: SessionBound;
}

export interface WaitingEntry {
  readonly id: string;
  readonly number: number;
  readonly position: number | null;
  readonly type: string;
  readonly studentId: string;
  readonly studentName?: string;
  readonly status: 'WAITING' | 'CLAIMED' | 'SERVED' | 'EXPIRED' | 'LEFT';
  readonly equipmentId?: string;
  readonly claimUntil?: string;
}

const REASONS: Readonly<Record<BoundReason, string>> = {
  CATEGORY: 'limit of the grade',
  ITEM: 'limit of this station',
  DAILY: 'what is left of today’s minutes',
  RESERVATION: 'kept for somebody who waits',
  CLOSING: 'closing time',
  EXTENSION: 'one extension',
};

/** "25 min: closing time" */
export function boundWords({ minutes, reason }: SessionBound): string {
  return `${minutes} min: ${REASONS[reason]}`;
}
