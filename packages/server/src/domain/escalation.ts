import type { NoticeRecipients } from '@clms/protocol';
import { ESCALATION_STEPS } from './escalation-steps.ts';
import { toInstant, toMs } from './instant.ts';
import { changeNotice, type NoticeRow } from './notices.ts';
import type { Unit } from './unit.ts';

/** Tells notices that nobody has acknowledged to more people. An acknowledgement or the end of a notice stops it. */
export async function escalate(unit: Unit): Promise<void> {
  const due = () => unit.db.selectFrom('notices').where('nextEscalationAt', '<=', unit.at).orderBy('nextEscalationAt');
  for (const { id } of await due().select('id').execute()) {
    await unit.lock(`notice ${id}`);
    const notice = await due().selectAll().where('id', '=', id).executeTakeFirst();
    if (!notice) continue; // acknowledged at the last moment, on another node
    if (notice.expiresAt !== null && notice.expiresAt <= unit.at) await stopEscalation(unit, notice);
    else await step(unit, notice);
  }
}

/** Steps that were missed together are told once, to the widest circle among them. */
async function step(unit: Unit, notice: NoticeRow): Promise<void> {
  const raisedAt = toMs(notice.createdAt);
  const reached = ESCALATION_STEPS.findLastIndex((candidate) => raisedAt + candidate.afterMs <= unit.now);
  const next = ESCALATION_STEPS[reached + 1];
  const recipients = JSON.parse(notice.recipients) as NoticeRecipients;
  const roles = [...new Set([...(recipients.roles ?? []), ...(ESCALATION_STEPS[reached]?.roles ?? [])])];
  await changeNotice(unit, notice, {
    recipients: JSON.stringify({ ...recipients, roles }),
    escalation: reached + 1,
    nextEscalationAt: next ? toInstant(raisedAt + next.afterMs) : null,
  });
}

async function stopEscalation(unit: Unit, notice: NoticeRow): Promise<void> {
  await unit.db.updateTable('notices').set({ nextEscalationAt: null }).where('id', '=', notice.id).execute();
}
