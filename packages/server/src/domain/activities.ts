import type { Activity, ActivityType } from '@clms/protocol';
import type { Selectable } from 'kysely';
import type { Tables } from '../store/tables.ts';
import type { Db } from '../store/open-store.ts';
import { insertRow } from '../store/prepared.ts';
import { newId } from '../ids.ts';
import { localDate, localHour, toInstant } from './instant.ts';
import type { PersonRow } from './person.ts';
import { personName } from './present.ts';
import type { Unit } from './unit.ts';

type ActivityRow = Selectable<Tables['activities']>;

export interface NewActivity {
  readonly type: ActivityType;
  /** Undefined when retention has already taken the person out of what ends here. */
  readonly person?: Pick<PersonRow, 'id' | 'surname' | 'givenName' | 'gradeCategory' | 'gradeLevel' | 'section'> | undefined;
  readonly location?: string;
  readonly equipment?: { readonly id: string; readonly name: string };
  readonly book?: { readonly id: string; readonly title: string; readonly barcode: string };
  /** Seconds; on the end of a visit, session or loan. */
  readonly duration?: number;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds of what happened, when that was not now: a closing that was slept over, a scan made offline. */
  readonly atMs?: number;
}

/** Writes what happened and tells it once [ATT4]. Call it in the unit of the change itself. */
export async function recordActivity(unit: Unit, activity: NewActivity): Promise<Activity> {
  const { type, person, location, equipment, book, duration } = activity;
  const atMs = activity.atMs ?? unit.now;
  const zone = unit.venue.settings.timezone;
  const metadata = book ? { bookId: book.id, title: book.title, barcode: book.barcode, ...activity.metadata } : activity.metadata;
  const told: Activity = {
    id: newId('activity'),
    ...(person && { studentId: person.id, studentName: personName(person, 'staff') }),
    ...(person?.gradeCategory && { gradeCategory: person.gradeCategory as NonNullable<Activity['gradeCategory']> }),
    ...(person?.gradeLevel && { gradeLevel: person.gradeLevel }),
    ...(person?.section && { section: person.section }),
    activityType: type,
    timestamp: toInstant(atMs),
    ...(location !== undefined && { location }),
    ...(equipment && { equipmentId: equipment.id, equipmentName: equipment.name }),
    ...(duration !== undefined && { duration }),
    ...(metadata && { metadata }),
  };
  await insertRow(unit.db, 'activities', {
    id: told.id, at: told.timestamp, type, personId: person?.id ?? null, gradeCategory: person?.gradeCategory ?? null, location: location ?? null, equipmentId: equipment?.id ?? null, bookId: book?.id ?? null,
    duration: duration ?? null, metadata: metadata ? JSON.stringify(metadata) : null, localDate: localDate(atMs, zone), localHour: localHour(atMs, zone),
  });
  unit.publish('activities', 'activity_update', told);
  return told;
}

export interface ActivityQuery {
  readonly personId?: string;
  readonly types?: readonly ActivityType[];
  readonly location?: string;
  /** Only those written before this row. */
  readonly beforeSeq?: number;
  readonly limit: number;
}

/** What happened, newest first, each as it was told. */
export async function activitiesOf(db: Db, wanted: ActivityQuery): Promise<{ seq: number; activity: Activity }[]> {
  let select = joined(db).orderBy('activities.seq', 'desc').limit(wanted.limit);
  if (wanted.personId !== undefined) select = select.where('activities.personId', '=', wanted.personId);
  if (wanted.types !== undefined) select = select.where('activities.type', 'in', wanted.types);
  if (wanted.location !== undefined) select = select.where('activities.location', '=', wanted.location);
  if (wanted.beforeSeq !== undefined) select = select.where('activities.seq', '<', wanted.beforeSeq);
  return (await select.execute()).map((row) => ({ seq: row.seq, activity: toActivity(row) }));
}

export async function activityById(db: Db, id: string): Promise<Activity | undefined> {
  const row = await joined(db).where('activities.id', '=', id).executeTakeFirst();
  return row && toActivity(row);
}

function joined(db: Db) {
  return db
    .selectFrom('activities')
    .leftJoin('people', 'people.id', 'activities.personId')
    .leftJoin('equipment', 'equipment.id', 'activities.equipmentId')
    .selectAll('activities')
    .select(['people.surname', 'people.givenName', 'people.gradeLevel', 'people.section', 'equipment.name as equipmentName']);
}

type JoinedRow = ActivityRow & { readonly surname: string | null; readonly givenName: string | null; readonly gradeLevel: string | null; readonly section: string | null; readonly equipmentName: string | null };

function toActivity(row: JoinedRow): Activity {
  return {
    id: row.id,
    ...(row.personId !== null && { studentId: row.personId }),
    ...(row.personId !== null && row.surname !== null && { studentName: personName({ surname: row.surname, givenName: row.givenName ?? '' }, 'staff') }),
    ...(row.gradeCategory !== null && { gradeCategory: row.gradeCategory as NonNullable<Activity['gradeCategory']> }),
    ...(row.personId !== null && row.gradeLevel !== null && { gradeLevel: row.gradeLevel }),
    ...(row.personId !== null && row.section !== null && { section: row.section }),
    activityType: row.type as ActivityType,
    timestamp: row.at,
    ...(row.location !== null && { location: row.location }),
    ...(row.equipmentId !== null && { equipmentId: row.equipmentId }),
    ...(row.equipmentId !== null && row.equipmentName !== null && { equipmentName: row.equipmentName }),
    ...(row.duration !== null && { duration: row.duration }),
    ...(row.metadata !== null && { metadata: JSON.parse(row.metadata) as Record<string, unknown> }),
  };
}
