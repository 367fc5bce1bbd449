export interface Loan {
  readonly id: string;
  readonly bookId: string;
  readonly titleId: string;
  readonly title: string;
  readonly barcode: string;
  readonly studentId: string | null;
  readonly studentName?: string;
  readonly loanedAt: string;
  readonly dueAt: string;
  readonly returnedAt: string | null;
  readonly renewals: number;
  /** Centavos; of an open loan what a return now would cost. */
  readonly fine: number;
  readonly status: 'ACTIVE' | 'OVERDUE' | 'RETURNED' | 'LOST';
}

export interface Hold {
  readonly id: string;
  readonly titleId: string;
  readonly title: string;
  /** The copy that is kept, once READY. */
  readonly bookId: string | null;
  readonly studentId: string;
  readonly studentName?: string;
  readonly position: number | null;
  readonly status: 'WAITING' | 'READY' | 'COLLECTED' | 'EXPIRED' | 'CANCELLED';
  readonly readyUntil?: string;
}
