import Type, { type Static } from 'typebox';
import type { Db } from '../store/open-store.ts';
import { Emergency, emergencyEntity, emergencyRow } from './emergency.ts';

/** An emergency with all that is known of it [EMG3]: every tick in order, and which screens showed it when. */
export const EmergencyReport = Type.Object({
  ...Emergency.properties,
  ticks: Type.Array(Type.Object({ personId: Type.String(), state: Type.String(), tickedBy: Type.String(), tickedAt: Type.String() })),
  confirmations: Type.Array(Type.Object({ recipient: Type.String(), state: Type.String(), at: Type.String(), place: Type.Union([Type.String(), Type.Null()]) })),
});
export type EmergencyReport = Static<typeof EmergencyReport>;

export async function emergencyReport(db: Db, id: string): Promise<EmergencyReport> {
  const emergency = await emergencyEntity(db, await emergencyRow(db, id));
  const ticks = await db.selectFrom('rollCallTicks').select(['personId', 'state', 'tickedBy', 'tickedAt']).where('emergencyId', '=', id).orderBy('seq').execute();
  const confirmations = await db.selectFrom('receipts').select(['recipient', 'state', 'at', 'place']).where('noticeId', '=', id).orderBy('at').execute();
  return { ...emergency, ticks, confirmations };
}
