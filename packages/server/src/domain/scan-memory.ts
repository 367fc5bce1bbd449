import { newId } from '../ids.ts';
import { insertRow } from '../store/prepared.ts';
import { toInstant, toMs } from './instant.ts';
import { barcodeKey, halfOfDoubled } from './normalise.ts';
import type { ScanAnswer, ScanAtWork, ScanInput } from './scan-answer.ts';
import type { Unit } from './unit.ts';

/**
 * [SCN2] The answer that this barcode got at this station within the blanking window, counted from the first reading, so that a card left
 * lying on the scanner counts again in the end. A station that asks for something else on purpose (another intent) is not blanked out.
 */
export async function answeredAlready(unit: Unit, barcode: string, scan: ScanAtWork): Promise<{ key: string; answer: ScanAnswer } | undefined> {
  const windowMs = unit.venue.policies.attendance.dedupeSeconds * 1000;
  const key = barcodeKey(barcode);
  const half = halfOfDoubled(key);
  let select = unit.db
    .selectFrom('scans')
    .select(['barcodeKey', 'answer'])
    .where('station', '=', scan.station)
    .where('scannedAt', '>=', toInstant(scan.atMs - windowMs))
    // Scans kept offline may arrive in any order.
    .where('scannedAt', '<=', toInstant(scan.atMs + windowMs))
    .where('barcodeKey', 'in', half === undefined ? [key] : [key, half])
    .where('result', '!=', 'ALREADY_COUNTED')
    .orderBy('scannedAt', 'desc')
    .limit(1);
  if (scan.intent !== undefined) select = select.where('intent', '=', scan.intent);
  const first = await select.executeTakeFirst();
  return first && { key: first.barcodeKey, answer: JSON.parse(first.answer) as ScanAnswer };
}

/** Keeps a scan: the blanking window, the remembered card, and the answer to how many scans there were. Retention takes it out after a month. */
export async function rememberScan(unit: Unit, input: ScanInput, scan: ScanAtWork, counted: { key: string; answer: ScanAnswer; personId: string | undefined }): Promise<void> {
  await insertRow(unit.db, 'scans', {
    id: newId('scan'), station: input.station, barcodeKey: counted.key, receivedAt: unit.at, scannedAt: toInstant(scan.atMs), sentAt: input.sentAt === undefined ? null : toInstant(toMs(input.sentAt)), sequence: input.sequence ?? null, intent: input.intent ?? null,
    result: counted.answer.result, answer: JSON.stringify(counted.answer), personId: counted.personId ?? null, actorId: unit.actor.id,
  });
}
