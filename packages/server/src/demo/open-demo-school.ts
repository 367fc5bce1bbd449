import type { App } from '../app.ts';
import { openVisit } from '../domain/attendance.ts';
import { localTime, MINUTE_MS } from '../domain/instant.ts';
import { personById } from '../domain/people.ts';
import type { UnitRunner } from '../domain/unit-runner.ts';
import { SYSTEM, type Actor } from '../domain/actor.ts';
import { createDevice, pairDevice } from '../domain/accounts/devices.ts';
import { startSession } from '../domain/accounts/sessions.ts';
import { userByName } from '../domain/accounts/users.ts';
import { borrow } from '../domain/loans.ts';
import { DEFAULT_CALENDAR, WEEKDAYS, type Calendar } from '../domain/venue.ts';
import { saveVenuePart } from '../domain/venue-store.ts';
import { loadDemoSchool } from './load-demo-school.ts';
import type { Random } from './random.ts';

/** Books that were out before the visitor came, some of them for too long. */
const LENT_BEFORE = 23;
/** People who are inside already, the first of them for so many minutes. */
const INSIDE_BEFORE = 24;
const LONGEST_INSIDE = 55;

export interface DemoSchool {
  /** A fresh token each time: the traffic goes on longer than a token lives. */
  staffToken(): Promise<string>;
  readonly kioskToken: string;
  readonly people: readonly { readonly id: string; readonly barcode: string }[];
  readonly books: readonly string[];
  readonly equipment: readonly string[];
  /** Who was inside before the visitor came. */
  readonly inside: readonly { readonly id: string; readonly barcode: string }[];
}

/** Fills an empty library with an invented school and opens it around the clock, so that a visitor at any hour finds it at work. */
export async function openDemoSchool({ runner, issueToken }: App, random: Random): Promise<DemoSchool> {
  const admin = await userByName(runner.db, 'demo');
  if (!admin) throw new Error('the demo has no administrator');
  const { staff, session } = await runner.run(SYSTEM, async (unit) => {
    const allDay = [{ open: '00:00', close: '24:00' }];
    const calendar: Calendar = { ...DEFAULT_CALENDAR, openingHours: Object.fromEntries(WEEKDAYS.map((day) => [day, allDay])) as Calendar['openingHours'] };
    await saveVenuePart(unit.db, 'calendar', calendar, unit.venue.versions.calendar + 1, unit.at);
    await saveVenuePart(unit.db, 'venue', { ...unit.venue.settings, venueName: 'Demo School Library' }, unit.venue.versions.venue + 1, unit.at);
    const opened = await startSession(unit, admin, { address: undefined, userAgent: undefined });
    return { session: opened.session, staff: { kind: 'user', id: admin.id, name: admin.username, role: 'ADMIN', sessionId: opened.session.id } satisfies Actor };
  });
  await runner.reloadVenue();
  const { people, books, equipment } = await runner.run(staff, (unit) => loadDemoSchool(unit, random));
  const lendable = books.filter((book) => book.collectionCode !== 'REF' && book.collectionCode !== 'R');
  for (let n = 0; n < LENT_BEFORE; n++) {
    await runner.run(staff, async (unit) => {
      const loan = await borrow(unit, { bookId: lendable[n * 7]!.id, personId: people[random.between(0, people.length - 1)]!.id, override: true, reason: 'demo' });
      // Three of them went out long ago.
      if (n < 3) await unit.db.updateTable('loans').set({ dueAt: new Date(unit.now - (n + 1) * 86_400_000).toISOString() }).where('id', '=', loan.id).execute();
    });
  }
  const kioskToken = await runner.run(staff, async (unit) => {
    const { code } = await createDevice(unit, { name: 'Door', role: 'KIOSK', station: 'door', location: 'Main Library' });
    return (await pairDevice(unit, code)).deviceToken;
  });
  const inside = await letIn(runner, staff, people, random);
  return { inside, staffToken: async () => (await issueToken(admin, session.id)).accessToken, kioskToken, people: people.map(({ id, barcode }) => ({ id, barcode })), books: lendable.map((book) => book.barcode), equipment: equipment.map((item) => item.id) };
}

/** Whoever looks for the first time finds a library at work, not an empty one, and people who did not all come in the same second. */
async function letIn(runner: UnitRunner, staff: Actor, people: DemoSchool['people'], random: Random): Promise<DemoSchool['inside']> {
  const chosen = new Map(Array.from({ length: INSIDE_BEFORE }, () => random.pick(people)).map((person) => [person.id, person]));
  const inside = [...chosen.values()];
  const { hour, minute } = localTime(runner.now(), runner.venue.settings.timezone);
  // Nobody came yesterday and is still here: a day ends with its closing.
  const longest = Math.min(LONGEST_INSIDE, hour * 60 + minute);
  const ages = inside.map(() => random.between(0, longest)).toSorted((a, b) => b - a);
  await runner.run(staff, async (unit) => {
    for (const [index, { id }] of inside.entries()) {
      const person = await personById(unit.db, id);
      await openVisit(unit, person, { location: 'Main Library', station: 'door', atMs: unit.now - ages[index]! * MINUTE_MS });
    }
  });
  return inside;
}
