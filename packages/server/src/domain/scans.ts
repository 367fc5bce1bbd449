import { resembles } from './barcode-pattern.ts';
import { equipmentEntities } from './equipment-view.ts';
import type { EquipmentRow } from './equipment-rows.ts';
import { readyHoldsToTell } from './holds.ts';
import { toInstant, toMs } from './instant.ts';
import { tidyBarcode } from './normalise.ts';
import { scanForDevice } from './present.ts';
import type { ScanAnswer, ScanAtWork, ScanInput } from './scan-answer.ts';
import { scanPerson } from './scan-attendance.ts';
import { cardForBooks, scanBook } from './scan-circulation.ts';
import { addScanException, reportClockSkew } from './scan-exceptions.ts';
import { answeredAlready, rememberScan } from './scan-memory.ts';
import { stationLocation } from './scan-station.ts';
import { scanTarget, type ScanTarget } from './scan-target.ts';
import { scanTime } from './scan-time.ts';
import type { Unit } from './unit.ts';

/**
 * The one door of every scanner [SCN1]: finds out what the barcode stands for, does what follows from it, and answers in words and codes.
 * Nothing that can be scanned is an error. Devices get an answer without personal data.
 */
export async function scan(unit: Unit, input: ScanInput): Promise<ScanAnswer> {
  const { atMs, late, skewMs } = scanTime(unit.now, msOf(input.scannedAt), msOf(input.sentAt));
  const atWork: ScanAtWork = { station: input.station, atMs, late, intent: input.intent, byStaff: unit.actor.kind !== 'device' };
  if (skewMs !== undefined) await reportClockSkew(unit, input.station, shownBarcode(input.barcode), skewMs);

  const before = await answeredAlready(unit, input.barcode, atWork);
  const answer = before ? repeated(before.answer) : await count(unit, input, atWork);
  if (before) await rememberScan(unit, input, atWork, { key: before.key, answer, personId: answer.person?.id });
  return unit.actor.kind === 'device' ? scanForDevice(answer) : answer;
}

const msOf = (instant: string | undefined): number | undefined => (instant === undefined ? undefined : toMs(instant));
/** As staff find it in the exceptions list: what is nothing but asterisks is shown as it was read. */
const shownBarcode = (text: string): string => tidyBarcode(text) || text.trim();
const repeated = (first: ScanAnswer): ScanAnswer => ({ ...first, result: 'ALREADY_COUNTED' });

async function count(unit: Unit, input: ScanInput, scan: ScanAtWork): Promise<ScanAnswer> {
  const target = await scanTarget(unit.db, input.barcode);
  const answer = await judge(unit, target, shownBarcode(input.barcode), scan);
  // What was done offline and cannot be done now is not lost: staff see it [SCN4]. Attendance lists its own contradictions, with the times.
  if (scan.late && answer.result === 'REFUSED' && !(target.kind === 'person' && answer.code === 'CONFLICT')) {
    await addScanException(unit, { kind: 'CONFLICT', station: scan.station, barcode: shownBarcode(input.barcode), detail: `Made offline and refused afterwards: ${answer.code ?? answer.message}`, atIso: toInstant(scan.atMs) });
  }
  await rememberScan(unit, input, scan, { key: target.key, answer, personId: answer.person?.id });
  return answer;
}

async function judge(unit: Unit, target: ScanTarget, shown: string, scan: ScanAtWork): Promise<ScanAnswer> {
  switch (target.kind) {
    case 'person': {
      const { person } = target;
      const forBooks = scan.intent === 'BORROW' || scan.intent === 'RETURN' ? scan.intent : undefined;
      const answer = forBooks ? cardForBooks(person, forBooks) : await scanPerson(unit, person, await stationLocation(unit.db, unit.venue, unit.actor, scan.station), scan);
      return { ...answer, notices: await holdNotices(unit, person.id) };
    }
    case 'book': return scanBook(unit, target.book, scan);
    case 'equipment': return describeEquipment(unit, target.item);
    case 'unknown': return unknown(unit, shown, target.key, scan);
  }
}

/** [CIR5] Told once, at the first scan after the book was put aside; not which book: others look at the screen too. */
async function holdNotices(unit: Unit, personId: string): Promise<ScanAnswer['notices']> {
  const ready = await readyHoldsToTell(unit, personId);
  if (ready.length === 0) return [];
  return [{ kind: 'HOLD_READY', message: ready.length === 1 ? 'Your book is ready at the desk.' : `${ready.length} books are ready for you at the desk.` }];
}

/** A station's label says how it stands; a session needs a person and a bound, which is the desk's form and not a scan. */
async function describeEquipment(unit: Unit, item: EquipmentRow): Promise<ScanAnswer> {
  const [shown] = await equipmentEntities(unit.db, [item]);
  const { id, name, type, location, status } = shown!;
  const words = status === 'AVAILABLE' ? `${name} is free. A session is started at the desk.` : status === 'IN_USE' ? `${name} is in use.` : `${name} cannot be used now.`;
  return { result: 'REFUSED', code: 'EQUIPMENT', message: words, equipment: { id, name, type, location, status }, notices: [] };
}

async function unknown(unit: Unit, shown: string, key: string, scan: ScanAtWork): Promise<ScanAnswer> {
  const like = resembles(key);
  await addScanException(unit, { kind: 'UNKNOWN_BARCODE', station: scan.station, barcode: shown, detail: like ? `Looks like ${like}.` : 'Resembles nothing known.', atIso: toInstant(scan.atMs) });
  const hint = like ? ` It looks like ${like}.` : '';
  return { result: 'UNKNOWN', message: `This code is not known here.${hint} Please ask at the desk.`, notices: [] };
}
