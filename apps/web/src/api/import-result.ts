export type ImportKind = 'students' | 'books' | 'equipment';
export type ImportOutcome = 'create' | 'update' | 'unchanged' | 'review' | 'reject';

export interface ImportRow {
  readonly line: number;
  readonly outcome: ImportOutcome;
  readonly reasons: readonly string[];
  readonly repairs: readonly string[];
}

/** What became of a file, before and after it is written. */
export interface ImportResult {
  readonly id: string;
  readonly status: 'PREVIEWED' | 'APPLIED' | 'FAILED' | 'RUNNING';
  readonly kind: ImportKind;
  readonly format: string | null;
  readonly encoding: string | null;
  readonly delimiter: string | null;
  readonly lineEnd: string | null;
  readonly fileName: string | null;
  readonly counts: Readonly<Record<ImportOutcome | 'deactivate', number>>;
  readonly rows: readonly ImportRow[];
  readonly error: string | null;
  /** Percent. */
  readonly progress: number;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}
