import type { Db } from '../store/open-store.ts';
import { toInstant } from './instant.ts';
import type { HoldRow } from './hold-queue.ts';
import type { LoanRow } from './loan-view.ts';

type Cursor = readonly [string, string];

export interface LoanFilter {
  readonly studentId?: string | undefined;
  readonly bookId?: string | undefined;
  readonly open?: boolean | undefined;
  readonly overdue?: boolean | undefined;
  /** Instant and id of the last loan of the page before. */
  readonly after?: Cursor | undefined;
  readonly limit: number;
}

/** Open and overdue loans by due date, what is due first in front; all others newest first. */
export async function loanList(db: Db, filter: LoanFilter, now: number): Promise<LoanRow[]> {
  const byDueDate = filter.open === true || filter.overdue === true;
  let rows = db.selectFrom('loans').selectAll();
  if (filter.studentId !== undefined) rows = rows.where('personId', '=', filter.studentId);
  if (filter.bookId !== undefined) rows = rows.where('bookId', '=', filter.bookId);
  if (byDueDate) rows = rows.where('returnedAt', 'is', null);
  if (filter.open === false) rows = rows.where('returnedAt', 'is not', null);
  if (filter.overdue === true) rows = rows.where('lost', '=', 0).where('dueAt', '<', toInstant(now));
  const [column, direction, sign] = byDueDate ? (['dueAt', 'asc', '>'] as const) : (['loanedAt', 'desc', '<'] as const);
  if (filter.after) {
    const [instant, id] = filter.after;
    rows = rows.where((eb) => eb.or([eb(column, sign, instant), eb.and([eb(column, '=', instant), eb('id', sign, id)])]));
  }
  return rows.orderBy(column, direction).orderBy('id', direction).limit(filter.limit).execute();
}

export interface HoldFilter {
  readonly studentId?: string | undefined;
  readonly titleId?: string | undefined;
  readonly status?: HoldRow['status'] | undefined;
  readonly open?: boolean | undefined;
  readonly after?: Cursor | undefined;
  readonly limit: number;
}

/** Holds in the order in which they were placed. */
export async function holdList(db: Db, filter: HoldFilter): Promise<HoldRow[]> {
  let rows = db.selectFrom('holds').selectAll();
  if (filter.studentId !== undefined) rows = rows.where('personId', '=', filter.studentId);
  if (filter.titleId !== undefined) rows = rows.where('titleId', '=', filter.titleId);
  if (filter.status !== undefined) rows = rows.where('status', '=', filter.status);
  if (filter.open !== undefined) rows = rows.where('status', filter.open ? 'in' : 'not in', ['WAITING', 'READY']);
  if (filter.after) {
    const [placedAt, id] = filter.after;
    rows = rows.where((eb) => eb.or([eb('placedAt', '>', placedAt), eb.and([eb('placedAt', '=', placedAt), eb('id', '>', id)])]));
  }
  return rows.orderBy('placedAt').orderBy('id').limit(filter.limit).execute();
}
