import { MINUTE_MS, toInstant, toMs } from './instant.ts';
import { stayEndsAt } from './calendar.ts';
import { amendCheckOut } from './check-out-amending.ts';
import { checkOut, endIfOver, openVisit, visitById } from './attendance.ts';
import { isFull, type Location } from './locations.ts';
import type { PersonRow } from './person.ts';
import { personCard } from './present.ts';
import { Refusal } from './refusal.ts';
import type { ScanAnswer, ScanAtWork } from './scan-answer.ts';
import { addScanException } from './scan-exceptions.ts';
import type { Unit } from './unit.ts';
import { toVisit, type VisitRow } from './visit.ts';
import { wallTime } from './wall-time.ts';

/**
 * A person's card at the door [SCN3]: in, out, or "already in". A scan made offline is judged at its own time, so that a day's scans
 * replayed in the evening end as they would have; one that contradicts what has been written since goes to the exceptions list [SCN4].
 */
export async function scanPerson(unit: Unit, person: PersonRow, place: Location, scan: ScanAtWork): Promise<ScanAnswer> {
  const { atMs } = scan;
  const latest = await neighbour(unit, person.id, 'last');
  const isLater = latest !== undefined && toMs(latest.checkedInAt) > atMs;
  const before = isLater ? await neighbour(unit, person.id, 'before', atMs) : latest;
  const later = isLater ? await neighbour(unit, person.id, 'after', atMs) : undefined;

  if (before && coversLate(before, atMs)) return before.endedBy === 'CLOSING' ? leave(unit, person, before, scan) : contradict(unit, person, before, scan);
  if (before?.checkedOutAt === null && !(await endIfOver(unit, before, atMs))) return leave(unit, person, before, scan);
  // Only the way in is barred: who was inside when the card was ended must be able to leave, or would be counted until closing.
  if (person.active === 0) return answer(person, 'REFUSED', 'This card is not active any more. Please ask at the desk.', { code: 'PERSON_INACTIVE' });
  if (later && stayEndsAt(atMs, unit.venue) > toMs(later.checkedInAt)) return contradict(unit, person, later, scan);
  return enter(unit, person, place, scan);
}

/** The person's last visit of all, or the one that began last before a moment, or first after it. */
function neighbour(unit: Unit, personId: string, which: 'last' | 'before' | 'after', atMs = 0): Promise<VisitRow | undefined> {
  let select = unit.db.selectFrom('visits').selectAll().where('personId', '=', personId).orderBy('checkedInAt', which === 'after' ? 'asc' : 'desc').limit(1);
  if (which !== 'last') select = select.where('checkedInAt', which === 'before' ? '<=' : '>', toInstant(atMs));
  return select.executeTakeFirst();
}

/** The scan was made during a visit that has been ended since. */
const coversLate = (visit: VisitRow, atMs: number): boolean => visit.checkedOutAt !== null && toMs(visit.checkedOutAt) > atMs;

async function enter(unit: Unit, person: PersonRow, place: Location, scan: ScanAtWork): Promise<ScanAnswer> {
  const { atMs, late, intent } = scan;
  if (intent === 'CHECK_OUT') return answer(person, 'REFUSED', 'This card has not checked in.', { code: 'NOT_INSIDE' });
  // Whoever came in while the server was away is in: refusing them afterwards would only lose the scan.
  if (!late && (await isFull(unit, place))) return answer(person, 'LOCATION_FULL', `${place.name} is full. Please ask at the desk.`, { code: 'LOCATION_FULL' });
  const endsMs = stayEndsAt(atMs, unit.venue);
  const visit = await openVisit(unit, person, { location: place.name, station: scan.station, atMs, ...(endsMs <= unit.now && { closedAtMs: endsMs }) });
  return answer(person, 'CHECKED_IN', `Welcome, ${firstName(person)}. Checked in ${timeOf(unit, atMs)}.`, { visit });
}

async function leave(unit: Unit, person: PersonRow, visit: VisitRow, scan: ScanAtWork): Promise<ScanAnswer> {
  const { atMs, intent } = scan;
  const inMs = toMs(visit.checkedInAt);
  const stayed = atMs - inMs >= unit.venue.policies.attendance.minimumStayMinutes * MINUTE_MS;
  if (intent === 'CHECK_IN' || (intent !== 'CHECK_OUT' && !stayed)) return answer(person, 'ALREADY_INSIDE', `Already in since ${timeOf(unit, inMs)}, ${firstName(person)}.`, { visit });
  const goodbye = `Goodbye, ${firstName(person)}. Checked out ${timeOf(unit, atMs)}.`;
  try {
    const ended = visit.checkedOutAt === null ? await checkOut(unit, visit, 'SCAN', atMs) : await amendCheckOut(unit, visit, atMs);
    return answer(person, 'CHECKED_OUT', goodbye, { visit: ended });
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'ALREADY_CHECKED_OUT') throw error;
    // The same card at another node's station in the same instant: one of the two scans has ended the visit.
    return answer(person, 'ALREADY_COUNTED', goodbye, { visit: await visitById(unit.db, visit.id) });
  }
}

/** Kept for staff, changed nothing: two stories about one person cannot both be told by the machine. */
async function contradict(unit: Unit, person: PersonRow, visit: VisitRow, scan: ScanAtWork): Promise<ScanAnswer> {
  const zone = unit.venue.settings.timezone;
  const until = visit.checkedOutAt === null ? 'still open' : `until ${wallTime(toMs(visit.checkedOutAt), zone)}`;
  const detail = `Scanned ${timeOf(unit, scan.atMs)}, but a visit is written from ${wallTime(toMs(visit.checkedInAt), zone)}, ${until} (${visit.id}).`;
  await addScanException(unit, { kind: 'CONFLICT', station: scan.station, barcode: person.barcode, detail, atIso: toInstant(scan.atMs) });
  if (visit.checkedOutAt === null) return answer(person, 'ALREADY_INSIDE', `Already in since ${wallTime(toMs(visit.checkedInAt), zone)}, ${firstName(person)}.`, { visit });
  return answer(person, 'REFUSED', 'This scan does not fit what has been written since. It is kept for the staff.', { code: 'CONFLICT', visit });
}

function answer(person: PersonRow, result: ScanAnswer['result'], message: string, more: { code?: string; visit?: VisitRow }): ScanAnswer {
  const visit = more.visit && toVisit(more.visit);
  return {
    result,
    ...(more.code !== undefined && { code: more.code }),
    message,
    person: personCard(person, 'staff'),
    ...(visit && { visit: { id: visit.id, studentId: visit.studentId, location: visit.location, checkedInAt: visit.checkedInAt, checkedOutAt: visit.checkedOutAt, endedBy: visit.endedBy } }),
    notices: [],
  };
}

/** The only part of a name that a message may carry: screens at the door show it. */
export const firstName = (person: PersonRow): string => person.givenName.trim().split(/\s+/)[0] ?? '';
const timeOf = (unit: Unit, ms: number): string => wallTime(ms, unit.venue.settings.timezone);
