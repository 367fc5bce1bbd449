import Type, { type Static } from 'typebox';
import type { Db } from '../store/open-store.ts';
import { personName } from './present.ts';
import { toVisit, Visit, type VisitRow } from './visit.ts';

const OrNull = Type.Union([Type.String(), Type.Null()]);

/** A visit with whose it is, as lists for staff show it. */
export const ListedVisit = Type.Object({ ...Visit.properties, studentName: Type.Optional(Type.String()), gradeLevel: OrNull, strand: OrNull, section: OrNull, gradeCategory: OrNull });
export type ListedVisit = Static<typeof ListedVisit>;

export interface VisitFilter {
  readonly open?: boolean | undefined;
  readonly location?: string | undefined;
  readonly studentId?: string | undefined;
  readonly gradeCategory?: string | undefined;
  /** YYYY-MM-DD of the venue. */
  readonly date?: string | undefined;
  /** `checkedInAt` and id of the last visit of the page before. */
  readonly after?: readonly [string, string] | undefined;
  readonly limit: number;
}

export async function visitList(db: Db, { open, location, studentId, gradeCategory, date, after, limit }: VisitFilter): Promise<ListedVisit[]> {
  let select = db
    .selectFrom('visits')
    .leftJoin('people', 'people.id', 'visits.personId')
    .selectAll('visits')
    .select(['people.surname', 'people.givenName', 'people.gradeLevel', 'people.strand', 'people.section'])
    .orderBy('visits.checkedInAt', 'desc')
    .orderBy('visits.id', 'desc')
    .limit(limit);
  if (open !== undefined) select = select.where('visits.checkedOutAt', open ? 'is' : 'is not', null);
  if (location !== undefined) select = select.where('visits.location', '=', location);
  if (studentId !== undefined) select = select.where('visits.personId', '=', studentId);
  if (gradeCategory !== undefined) select = select.where('visits.gradeCategory', '=', gradeCategory);
  if (date !== undefined) select = select.where('visits.localDate', '=', date);
  if (after) select = select.where((eb) => eb.or([eb('visits.checkedInAt', '<', after[0]), eb.and([eb('visits.checkedInAt', '=', after[0]), eb('visits.id', '<', after[1])])]));
  return (await select.execute()).map(toListed);
}

type JoinedRow = VisitRow & { readonly [Column in 'surname' | 'givenName' | 'gradeLevel' | 'strand' | 'section']: string | null };

function toListed({ surname, givenName, gradeLevel, strand, section, ...visit }: JoinedRow): ListedVisit {
  const name = surname === null ? undefined : personName({ surname, givenName: givenName ?? '' }, 'staff');
  return { ...toVisit(visit), ...(name !== undefined && { studentName: name }), gradeLevel, strand, section, gradeCategory: visit.gradeCategory };
}
