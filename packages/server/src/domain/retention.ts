import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../store/open-store.ts';
import type { Tables } from '../store/tables.ts';
import { DAY_MS, toInstant } from './instant.ts';
import type { Venue } from './venue.ts';

// [PRV2] What is kept how long. Visits, sessions and loans stay for the statistics and lose their person; the rest goes whole. One list of steps
// serves the dry run and the run, so that the one cannot promise what the other does not do. What is kept for a day only (events, answers to
// repeated commands) goes by the pruning of the outbox.

/** Scans and queue places answer "what happened at the door last week", and nothing after that. */
const SHORT_DAYS = 30;

interface Step {
  readonly name: string;
  readonly table: keyof Tables;
  readonly days: number;
  /** Rows it is about, given the instant before which they are too old. */
  where(before: string): RawBuilder<unknown>;
  /** What becomes of them; absent = they are deleted. */
  readonly set?: RawBuilder<unknown>;
}

export interface RetentionCount {
  readonly step: string;
  readonly days: number;
  readonly rows: number;
}

/** How many rows each step would change at `now`. */
export async function retentionDryRun(db: Db, venue: Venue, now: number): Promise<RetentionCount[]> {
  const counts: RetentionCount[] = [];
  for (const { name, table, days, where } of steps(venue)) {
    const { rows } = await sql<{ n: number | string }>`select count(*) as "n" from ${sql.table(table)} where ${where(limit(now, days))}`.execute(db);
    counts.push({ step: name, days, rows: Number(rows[0]!.n) });
  }
  return counts;
}

/** Carries the steps out, and returns what the dry run says of them. */
export async function applyRetention(db: Db, venue: Venue, now: number): Promise<RetentionCount[]> {
  const counts = await retentionDryRun(db, venue, now);
  for (const { table, days, where, set } of steps(venue)) {
    const rows = where(limit(now, days));
    await (set ? sql`update ${sql.table(table)} set ${set} where ${rows}` : sql`delete from ${sql.table(table)} where ${rows}`).execute(db);
  }
  return counts;
}

const limit = (now: number, days: number): string => toInstant(now - days * DAY_MS);

function steps({ policies }: Venue): readonly Step[] {
  const { visitDays, loanDays, chatDays, auditDays } = policies.retention;
  return [
    { name: 'visits lose their person', table: 'visits', days: visitDays, where: (before) => sql`"personId" is not null and "checkedOutAt" < ${before}`, set: sql`"personId" = null, "reason" = null` },
    { name: 'activities lose their person', table: 'activities', days: visitDays, where: (before) => sql`"personId" is not null and "at" < ${before}`, set: sql`"personId" = null, "metadata" = null` },
    { name: 'equipment sessions lose their person', table: 'equipmentSessions', days: visitDays, where: (before) => sql`"personId" is not null and "endedAt" < ${before}`, set: sql`"personId" = null` },
    { name: 'loans lose their person', table: 'loans', days: loanDays, where: (before) => sql`"personId" is not null and "returnedAt" < ${before}`, set: sql`"personId" = null, "overrideReason" = null` },
    { name: 'ended holds go', table: 'holds', days: loanDays, where: (before) => sql`"status" not in ('WAITING', 'READY') and "updatedAt" < ${before}` },
    { name: 'ended places in queues go', table: 'waitingList', days: SHORT_DAYS, where: (before) => sql`"status" not in ('WAITING', 'CLAIMED') and "updatedAt" < ${before}` },
    { name: 'notices go', table: 'notices', days: loanDays, where: (before) => sql`"createdAt" < ${before}` },
    { name: 'receipts go', table: 'receipts', days: loanDays, where: (before) => sql`"at" < ${before}` },
    { name: 'scans go', table: 'scans', days: SHORT_DAYS, where: (before) => sql`"receivedAt" < ${before}` },
    { name: 'settled scan exceptions go', table: 'scanExceptions', days: visitDays, where: (before) => sql`"resolvedAt" < ${before}` },
    { name: 'roll-calls go', table: 'rollCall', days: visitDays, where: (before) => sql`"emergencyId" in (select "id" from "emergencies" where "clearedAt" < ${before})` },
    { name: 'ticks of roll-calls go', table: 'rollCallTicks', days: visitDays, where: (before) => sql`"emergencyId" in (select "id" from "emergencies" where "clearedAt" < ${before})` },
    { name: 'chat messages go', table: 'chatMessages', days: chatDays, where: (before) => sql`"createdAt" < ${before}` },
    { name: 'results of imports go', table: 'imports', days: visitDays, where: (before) => sql`"createdAt" < ${before}` },
    { name: 'audit entries go', table: 'audit', days: auditDays, where: (before) => sql`"at" < ${before}` },
    { name: 'marks of closings and rushes go', table: 'jobMarks', days: SHORT_DAYS, where: (before) => sql`("key" like 'closing %' or "key" like 'peak arrivals %') and "at" < ${before}` },
  ];
}
