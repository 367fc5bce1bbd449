import type { Activity } from '@clms/protocol';
import { toInstant, toMs } from './instant.ts';
import { activityById } from './activities.ts';
import type { Unit } from './unit.ts';
import type { VisitRow } from './visit.ts';

/**
 * A card scanned out offline, told after closing time had already ended the visit: the real time replaces the assumed one. The activity of the
 * check-out is told again, whole and under its own id, so that lists hold it once.
 */
export async function amendCheckOut(unit: Unit, visit: VisitRow, atMs: number): Promise<VisitRow> {
  const amended: VisitRow = { ...visit, checkedOutAt: toInstant(atMs), endedBy: 'SCAN', version: visit.version + 1, updatedAt: unit.at };
  await unit.db.updateTable('visits').set(amended).where('id', '=', visit.id).execute();
  const written = await unit.db
    .selectFrom('activities')
    .select('id')
    .where('type', '=', 'CHECK_OUT')
    .where('personId', '=', visit.personId)
    .where('at', '=', visit.checkedOutAt!)
    .executeTakeFirst();
  if (!written) return amended;
  const duration = Math.round((atMs - toMs(visit.checkedInAt)) / 1000);
  const metadata = { visitId: visit.id, endedBy: 'SCAN' };
  await unit.db.updateTable('activities').set({ at: amended.checkedOutAt!, duration, metadata: JSON.stringify(metadata) }).where('id', '=', written.id).execute();
  const activity: Activity | undefined = await activityById(unit.db, written.id);
  if (activity) unit.publish('activities', 'activity_update', activity);
  return amended;
}
