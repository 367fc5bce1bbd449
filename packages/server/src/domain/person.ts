import Type, { type Static } from 'typebox';
import type { Selectable } from 'kysely';
import { GRADE_CATEGORIES, Instant } from '@clms/protocol';
import type { Tables } from '../store/tables.ts';

export type PersonRow = Selectable<Tables['people']>;

const closed = { additionalProperties: false } as const;
const Name = Type.String({ minLength: 1, maxLength: 120 });
const Code = Type.String({ minLength: 1, maxLength: 64 });
const Text = (maxLength: number) => Type.Union([Type.String({ maxLength }), Type.Null()]);
const KINDS = ['STUDENT', 'PERSONNEL'] as const;

const fields = {
  schoolId: Code,
  surname: Name,
  givenName: Type.String({ maxLength: 120 }),
  kind: Type.Enum(KINDS),
  gradeLevel: Text(60),
  strand: Text(60),
  section: Text(80),
  barcode: Code,
  sex: Text(20),
  active: Type.Boolean(),
};

export const NewPerson = Type.Object(
  {
    schoolId: fields.schoolId,
    surname: fields.surname,
    givenName: fields.givenName,
    ...Type.Partial(Type.Object({ kind: fields.kind, gradeLevel: fields.gradeLevel, strand: fields.strand, section: fields.section, barcode: fields.barcode, sex: fields.sex, active: fields.active })).properties,
  },
  closed,
);
export type NewPerson = Static<typeof NewPerson>;

export const PersonPatch = Type.Partial(Type.Object(fields), closed);
export type PersonPatch = Static<typeof PersonPatch>;

/** A person as staff see it. Nothing else leaves for them; devices get less (see `present.ts`). */
export const Person = Type.Object({
  id: Type.String(),
  kind: Type.Enum(KINDS),
  schoolId: Type.String(),
  barcode: Type.String(),
  surname: Type.String(),
  givenName: Type.String(),
  gradeLevel: Text(60),
  strand: Text(60),
  gradeCategory: Type.Union([Type.Enum(GRADE_CATEGORIES), Type.Null()]),
  section: Text(80),
  sex: Text(20),
  active: Type.Boolean(),
  version: Type.Integer(),
  createdAt: Instant,
  updatedAt: Instant,
});
export type Person = Static<typeof Person>;

export function toPerson(row: PersonRow): Person {
  const { id, kind, schoolId, barcode, surname, givenName, gradeLevel, strand, section, sex, version, createdAt, updatedAt } = row;
  return { id, kind, schoolId, barcode, surname, givenName, gradeLevel, strand, gradeCategory: row.gradeCategory as Person['gradeCategory'], section, sex, active: row.active === 1, version, createdAt, updatedAt };
}
