import type { NoticeRecipients } from '@clms/protocol';
import { changeNotice, isRecipient, noticesWithReceipts, readerOf, type Notice } from './notices.ts';
import { notFound } from './refusal.ts';
import type { Unit } from './unit.ts';

export type ReceiptState = 'delivered' | 'seen' | 'acknowledged';

/**
 * [NOT1, EMG1] Somebody got, saw or acknowledged a notice or an emergency. Saying it twice is harmless. The first acknowledgement of a notice ends
 * its escalation, and everybody sees who gave it [NOT2]. 404 for an id that is not addressed to the caller; whoever sent a notice, and an
 * administrator, may settle it as well.
 */
export async function acknowledge(unit: Unit, id: string, state: ReceiptState): Promise<{ id: string; state: ReceiptState; notice?: Notice }> {
  const reader = readerOf(unit.actor);
  if (!reader) throw notFound('notice');
  await unit.lock(`notice ${id}`); // the first acknowledgement is one, on however many nodes it is given
  const notice = await unit.db.selectFrom('notices').selectAll().where('id', '=', id).executeTakeFirst();
  if (!notice) {
    const emergency = await unit.db.selectFrom('emergencies').select('id').where('id', '=', id).executeTakeFirst();
    if (!emergency) throw notFound('notice');
    await writeReceipt(unit, id, reader.userId, state);
    return { id, state };
  }
  const concerned = isRecipient(JSON.parse(notice.recipients) as NoticeRecipients, reader) || notice.createdBy === reader.userId || reader.role === 'ADMIN';
  if (!concerned) throw notFound('notice');
  await writeReceipt(unit, id, reader.userId, state);
  if (state === 'acknowledged' && notice.acknowledgedAt === null) {
    unit.audit({ action: 'NOTICE_ACKNOWLEDGE', entity: 'notice', entityId: id });
    return { id, state, notice: await changeNotice(unit, notice, { acknowledgedAt: unit.at, acknowledgedBy: unit.actor.name, nextEscalationAt: null }) };
  }
  const [seen] = await noticesWithReceipts(unit.db, [notice]);
  return { id, state, notice: seen! };
}

async function writeReceipt(unit: Unit, noticeId: string, recipient: string, state: ReceiptState): Promise<void> {
  const place = unit.actor.kind === 'device' ? (unit.actor.station ?? unit.actor.name) : unit.actor.kind === 'user' ? (unit.actor.address ?? null) : null;
  await unit.db
    .insertInto('receipts')
    .values({ noticeId, recipient, state, at: unit.at, place })
    .onConflict((conflict) => conflict.columns(['noticeId', 'recipient', 'state']).doNothing())
    .execute();
}
