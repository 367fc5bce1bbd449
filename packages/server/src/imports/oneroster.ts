import { decodeText } from './decode-text.ts';
import { headerKey } from './columns.ts';
import type { PeopleField } from './people-columns.ts';
import { readTable, type Breathe } from './read-table.ts';

type Extras = Partial<Record<PeopleField, string>>;
/** From the most to the least telling, where one person has several: whoever teaches is personnel, whatever else. */
const ROLE_ORDER = ['administrator', 'principal', 'teacher', 'counselor', 'aide', 'proctor', 'student'];

/**
 * What the other members of a roster package say about a user: the homeroom as section (classes, enrollments), and the role where the
 * standard's version 1.2 keeps it in a file of its own (roles). Broken references are passed over: only the users file makes people.
 */
export async function rosterExtras(files: ReadonlyMap<string, Buffer>, breathe: Breathe): Promise<(sourcedId: string) => Extras> {
  const read = async (name: string) => {
    const bytes = files.get(name);
    return bytes ? records(bytes, breathe) : [];
  };
  const homerooms = new Map<string, string>();
  for (const row of await read('classes.csv')) {
    if (row.classtype?.toLowerCase() === 'homeroom' && row.sourcedid && row.title) homerooms.set(row.sourcedid, row.title);
  }
  const sections = new Map<string, string>();
  for (const row of await read('enrollments.csv')) {
    const homeroom = row.classsourcedid === undefined ? undefined : homerooms.get(row.classsourcedid);
    if (homeroom && row.usersourcedid && row.role?.toLowerCase() === 'student' && row.status?.toLowerCase() !== 'tobedeleted') sections.set(row.usersourcedid, homeroom);
  }
  const roles = new Map<string, string>();
  for (const row of await read('roles.csv')) {
    const [user, role] = [row.usersourcedid, row.role];
    if (!user || !role || row.status?.toLowerCase() === 'tobedeleted') continue;
    const known = roles.get(user);
    if (known === undefined || rank(role) < rank(known)) roles.set(user, role);
  }
  return (sourcedId) => {
    const [section, designation] = [sections.get(sourcedId), roles.get(sourcedId)];
    return { ...(section && { section }), ...(designation && { designation }) };
  };
}

function rank(role: string): number {
  const at = ROLE_ORDER.indexOf(role.toLowerCase());
  return at < 0 ? ROLE_ORDER.length : at;
}

async function records(bytes: Buffer, breathe: Breathe): Promise<Partial<Record<string, string>>[]> {
  const table = await readTable(decodeText(bytes).text, breathe);
  const keys = table.header.cells.map(headerKey);
  return table.rows.map((row) => Object.fromEntries(keys.map((key, index) => [key, (row.cells[index] ?? '').trim()])));
}
