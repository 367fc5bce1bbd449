import type { ReadColumn } from './columns.ts';
import type { Judged } from './row-note.ts';

/** A file read and judged, before it is compared with what the library has. */
export interface Reading<D> {
  readonly format: string;
  readonly encoding: string;
  /** The character between cells; null for MARC. */
  readonly delimiter: string | null;
  /** LF, CRLF or CR; null for MARC. */
  readonly lineEnd: string | null;
  /** How the columns of a table were read; null for MARC. */
  readonly columns: readonly ReadColumn[] | null;
  readonly judged: readonly Judged<D>[];
}
