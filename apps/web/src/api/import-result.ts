export type ImportKind = 'students' | 'books' | 'equipment';
export type ImportOutcome = 'create' | 'update' | 'unchanged' | 'review' | 'reject';

export interface ImportRow {
  readonly line: number;
  /** Id, barcode or name of what the row is about. */
  readonly subject: string | null;
  readonly outcome: ImportOutcome;
  readonly reasons: readonly string[];
  readonly repairs: readonly string[];
}

/** A column of the file and the field it is read as; null = it is not read. */
export interface ImportColumn {
  readonly header: string;
  readonly field: string | null;
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
  /** null for files without columns. */
  readonly columns: readonly ImportColumn[] | null;
  readonly counts: Readonly<Record<ImportOutcome | 'deactivate', number>>;
  readonly rows: readonly ImportRow[];
  readonly error: string | null;
  /** Percent. */
  readonly progress: number;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}
