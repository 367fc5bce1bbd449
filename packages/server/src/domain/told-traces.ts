import type { NewEvent } from '@clms/realtime';
import type { Db } from '../store/open-store.ts';
import { activityById } from './activities.ts';
import { changeNotice, type NoticeRow } from './notices.ts';
import { personName } from './present.ts';
import type { PersonRow } from './person.ts';
import type { Unit } from './unit.ts';
import { withoutPerson, type Traced } from './without-person.ts';

// A person who is erased also stands in what was told of them: activities on screens, events of the last day, notices, chat, imports.

/** How events and notices call this person. */
export function tracedBy(person: PersonRow): Traced {
  const { id, surname, givenName } = person;
  return { id, words: [personName(person, 'staff'), [givenName, surname].filter(Boolean).join(' ')] };
}

/** Screens keep the newest activities, so many at most. */
const SHOWN_ACTIVITIES = 500;

/** Takes the person out of the activities, and tells those again that screens may show: whole, under their own ids. */
export async function rewriteActivities(unit: Unit, personId: string): Promise<void> {
  const { db } = unit;
  const shown = await db.selectFrom('activities').select('id').where('personId', '=', personId).orderBy('seq', 'desc').limit(SHOWN_ACTIVITIES).execute();
  await forgetInActivities(db, personId);
  for (const { id } of shown) unit.publish('activities', 'activity_update', (await activityById(db, id))!);
}

/** Takes the person out of the activities, those included that their erasure itself made. */
export async function forgetInActivities(db: Db, personId: string): Promise<void> {
  await db.updateTable('activities').set({ personId: null, metadata: null }).where('personId', '=', personId).execute();
}

/** Rewrites the outbox without the person. Returns the events that named them, as they were. */
export async function rewriteEvents(unit: Unit, traced: Traced): Promise<NewEvent[]> {
  const named: NewEvent[] = [];
  const rows = await unit.db.selectFrom('outbox').select(['seq', 'event']).where((eb) => eb.or([traced.id, ...traced.words].filter(Boolean).map((word) => eb('event', 'like', likeInJson(word))))).execute();
  for (const { seq, event: text } of rows) {
    const event = JSON.parse(text) as NewEvent;
    const data = withoutPerson(event.data, traced);
    await unit.db.updateTable('outbox').set({ event: JSON.stringify({ ...event, data, ...(event.target && { target: withoutPerson(event.target, traced) }) }) }).where('seq', '=', seq).execute();
    // A message that is only addressed to the person shows nobody anything of them.
    if (JSON.stringify(data) === JSON.stringify(event.data)) continue;
    named.push(event);
  }
  return named;
}

/** Notices whose words name the person, oldest first. */
export function noticesNaming(db: Db, { words }: Traced): Promise<NoticeRow[]> {
  const likes = words.filter(Boolean).map((word) => `%${word}%`);
  return db.selectFrom('notices').selectAll().where((eb) => eb.or(likes.flatMap((like) => [eb('message', 'like', like), eb('title', 'like', like)]))).orderBy('createdAt').execute();
}

/** Takes the person out of the words of notices and chat, and tells those notices again: a screen may have shown them for weeks. */
export async function rewriteWords(unit: Unit, traced: Traced): Promise<void> {
  const { db } = unit;
  for (const notice of await noticesNaming(db, traced)) {
    const { title, message, causeKey } = withoutPerson({ title: notice.title, message: notice.message, causeKey: notice.causeKey }, traced);
    await db.updateTable('notices').set({ title, message, causeKey }).where('id', '=', notice.id).execute();
    await changeNotice(unit, notice, {});
  }
  const chat = await db.selectFrom('chatMessages').select(['seq', 'text']).where((eb) => eb.or(traced.words.filter(Boolean).map((word) => eb('text', 'like', `%${word}%`)))).execute();
  for (const { seq, text } of chat) await db.updateTable('chatMessages').set({ text: withoutPerson(text, traced) }).where('seq', '=', seq).execute();
}

/** Imports name records by the school's ids: in the results that are still kept, the person's go. */
export async function rewriteImports(db: Db, traced: Traced): Promise<void> {
  const imports = await db.selectFrom('imports').select(['id', 'rows']).where((eb) => eb.or(traced.words.map((word) => eb('rows', 'like', likeInJson(word))))).execute();
  for (const { id, rows } of imports) await db.updateTable('imports').set({ rows: JSON.stringify(withoutPerson(JSON.parse(rows), traced)) }).where('id', '=', id).execute();
}

/** Narrows rows by text; what is really named is decided on the value. A backslash would escape in a pattern, so any character stands for it. */
const likeInJson = (word: string): string => `%${JSON.stringify(word).slice(1, -1).replaceAll('\\', '_')}%`;
