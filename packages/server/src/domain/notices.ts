import { Notification, STAFF_ROLES, type NoticeAction, type NoticeCategory, type NoticeRecipients, type Priority, type Role } from '@clms/protocol';
import type { Selectable } from 'kysely';
import Type, { type Static } from 'typebox';
import { newId } from '../ids.ts';
import type { Db } from '../store/open-store.ts';
import type { Tables } from '../store/tables.ts';
import type { Actor } from './actor.ts';
import { ESCALATION_STEPS } from './escalation-steps.ts';
import { MINUTE_MS, toInstant } from './instant.ts';
import { invalid } from './refusal.ts';
import type { Unit } from './unit.ts';

export type NoticeRow = Selectable<Tables['notices']>;
type Action = Static<typeof NoticeAction>;

/** [NOT3] The same cause again within this time raises the count of the notice instead of making another. */
const MERGE_MS = 5 * MINUTE_MS;
/** Cause of notices that people write: they are merged by their words. */
const BY_WORDS = 'WORDS';

const Receipt = Type.Object({
  recipient: Type.String({ description: 'user or device' }),
  state: Type.Enum(['delivered', 'seen', 'acknowledged']),
  at: Type.String(),
  place: Type.Union([Type.String(), Type.Null()], { description: 'station or address' }),
});
export const Notice = Type.Object({ ...Notification.properties, receipts: Type.Array(Receipt), version: Type.Integer(), createdAt: Type.String(), updatedAt: Type.String() });
export type Notice = Static<typeof Notice>;

export interface NewNotice {
  readonly title: string;
  readonly message: string;
  readonly priority: Priority;
  readonly category: NoticeCategory;
  readonly recipients: NoticeRecipients;
  readonly actions?: Action[] | undefined;
  readonly expiresAt?: string | undefined;
  readonly requiresAck?: boolean | undefined;
  /** What happened, as a code without colons; with `causeKey`, to what. Notices without them are merged by their words. */
  readonly cause?: string | undefined;
  readonly causeKey?: string | undefined;
}

/** [NOT1, NOT3] Stores a notice and tells its recipients, or raises the count of the one that says the same. */
export async function raiseNotice(unit: Unit, input: NewNotice): Promise<Notice> {
  const recipients = withoutEmpty(input.recipients);
  if (Object.keys(recipients).length === 0) throw invalid('body.recipients', 'Name at least one user, role or station.');
  if (input.expiresAt !== undefined && input.expiresAt <= unit.at) throw invalid('body.expiresAt', 'This instant has passed.');
  const causeKey = [input.cause ?? BY_WORDS, input.causeKey ?? JSON.stringify([input.title, input.message, input.priority, input.category, recipients])].join(':');
  await unit.lock(`notice ${causeKey}`);
  const same = await sameNotice(unit, causeKey);
  if (same) return changeNotice(unit, same, { count: same.count + 1, message: input.message });
  const requiresAck = input.requiresAck === true || input.priority === 'CRITICAL';
  const row: NoticeRow = {
    id: newId('notice'), version: 1, createdAt: unit.at, updatedAt: unit.at, title: input.title, message: input.message, priority: input.priority, category: input.category, recipients: JSON.stringify(recipients),
    actions: input.actions && input.actions.length > 0 ? JSON.stringify(input.actions) : null, requiresAck: requiresAck ? 1 : 0, expiresAt: input.expiresAt ?? null, causeKey, count: 1, acknowledgedAt: null, acknowledgedBy: null,
    escalation: 0, nextEscalationAt: requiresAck ? toInstant(unit.now + ESCALATION_STEPS[0]!.afterMs) : null, createdBy: unit.actor.kind === 'system' ? null : unit.actor.id,
  };
  await unit.db.insertInto('notices').values(row).execute();
  if (unit.actor.kind !== 'system') unit.audit({ action: 'NOTICE_RAISE', entity: 'notice', entityId: row.id, details: { priority: row.priority, category: row.category } });
  unit.publish('notifications', 'notification', noticeEntity(row));
  return noticeWithReceipts(unit.db, row);
}

/** The notice of this cause that still stands. Whoever acknowledges it at this moment has done so first or must wait: what happened again is never told to nobody. */
async function sameNotice(unit: Unit, causeKey: string): Promise<NoticeRow | undefined> {
  const standing = () => unit.db.selectFrom('notices').selectAll().where('causeKey', '=', causeKey).where('createdAt', '>', toInstant(unit.now - MERGE_MS)).where('acknowledgedAt', 'is', null).orderBy('createdAt', 'desc').executeTakeFirst();
  const seen = await standing();
  if (!seen) return undefined;
  await unit.lock(`notice ${seen.id}`);
  return standing();
}

/** Changes these fields of a notice, whatever others have changed meanwhile, and tells its recipients the new state. */
export async function changeNotice(unit: Unit, row: NoticeRow, change: Partial<Pick<NoticeRow, 'count' | 'message' | 'recipients' | 'escalation' | 'nextEscalationAt' | 'acknowledgedAt' | 'acknowledgedBy'>>): Promise<Notice> {
  const changed = await unit.db.updateTable('notices').set(({ eb }) => ({ ...change, version: eb('version', '+', 1), updatedAt: unit.at })).where('id', '=', row.id).returningAll().executeTakeFirstOrThrow();
  unit.publish('notifications', 'notification', noticeEntity(changed));
  return noticeWithReceipts(unit.db, changed);
}

/** The notice as it travels. `timestamp` is when it was raised, also after it has changed. */
export function noticeEntity(row: NoticeRow): Notification {
  const cause = row.causeKey?.split(':', 1)[0] ?? BY_WORDS;
  const actions = row.actions === null ? undefined : (JSON.parse(row.actions) as Action[]);
  return {
    id: row.id,
    title: row.title,
    message: row.message,
    priority: row.priority as Priority,
    category: row.category as NoticeCategory,
    timestamp: row.createdAt,
    recipients: JSON.parse(row.recipients) as NoticeRecipients,
    actionable: actions !== undefined || row.requiresAck === 1,
    ...(actions && { actions }),
    ...(row.expiresAt !== null && { expiresAt: row.expiresAt }),
    ...(row.requiresAck === 1 && { requiresAck: true }),
    ...(cause !== BY_WORDS && { cause }),
    ...(row.count > 1 && { count: row.count }),
    ...(row.acknowledgedBy !== null && { acknowledgedBy: row.acknowledgedBy }),
    ...(row.acknowledgedAt !== null && { acknowledgedAt: row.acknowledgedAt }),
  };
}

/** Who reads notices: a member of staff or a device at its station. */
export interface Reader {
  readonly userId: string;
  readonly role: Role;
  readonly station?: string | undefined;
}

/** [TOP3] Whether a notice is addressed to this reader. One that names nobody, as an external system may publish it, is for all staff. */
export function isRecipient(recipients: NoticeRecipients | undefined, { userId, role, station }: Reader): boolean {
  if (!recipients?.users?.length && !recipients?.roles?.length && !recipients?.stations?.length) return (STAFF_ROLES as readonly Role[]).includes(role);
  return (recipients.users?.includes(userId) ?? false) || (recipients.roles?.includes(role) ?? false) || (station !== undefined && (recipients.stations?.includes(station) ?? false));
}

export function readerOf(actor: Actor): Reader | undefined {
  if (actor.kind === 'user') return { userId: actor.id, role: actor.role };
  if (actor.kind === 'device') return { userId: actor.id, role: actor.role, station: actor.station };
  return undefined;
}

export interface NoticePage {
  readonly limit: number;
  /** `[createdAt, id]` of the last notice of the page before. */
  readonly before?: readonly [string, string] | undefined;
  readonly unacknowledged?: boolean | undefined;
  /** Also those that the reader sent to others, to see the receipts. */
  readonly sentToo?: boolean | undefined;
}

/** The reader's own notices that have not expired, newest first. */
export async function noticesFor(db: Db, reader: Reader, at: string, page: NoticePage): Promise<NoticeRow[]> {
  const own: NoticeRow[] = [];
  let before = page.before;
  for (;;) {
    const rows = await likelyNotices(db, reader, at, { ...page, before });
    own.push(...rows.filter((row) => (page.sentToo && row.createdBy === reader.userId) || isRecipient(JSON.parse(row.recipients) as NoticeRecipients, reader)));
    const last = rows.at(-1);
    if (!last || rows.length < page.limit || own.length >= page.limit) return own.slice(0, page.limit);
    before = [last.createdAt, last.id];
  }
}

/** Narrows by text what `isRecipient` then decides: a name in quotes cannot match a part of another one, but may be one of another kind. */
function likelyNotices(db: Db, reader: Reader, at: string, { limit, before, unacknowledged, sentToo }: NoticePage): Promise<NoticeRow[]> {
  const names = [reader.userId, reader.role, ...(reader.station === undefined ? [] : [reader.station])].map((name) => `%${JSON.stringify(name).replaceAll('\\', '_')}%`);
  let rows = db
    .selectFrom('notices')
    .selectAll()
    .where((eb) => eb.or([...names.map((name) => eb('recipients', 'like', name)), ...(sentToo ? [eb('createdBy', '=', reader.userId)] : [])]))
    .where((eb) => eb.or([eb('expiresAt', 'is', null), eb('expiresAt', '>', at)]));
  if (unacknowledged) rows = rows.where('acknowledgedAt', 'is', null);
  if (before) {
    const [createdAt, id] = before;
    rows = rows.where((eb) => eb.or([eb('createdAt', '<', createdAt), eb.and([eb('createdAt', '=', createdAt), eb('id', '<', id)])]));
  }
  return rows.orderBy('createdAt', 'desc').orderBy('id', 'desc').limit(limit).execute();
}

export async function noticesWithReceipts(db: Db, rows: readonly NoticeRow[]): Promise<Notice[]> {
  if (rows.length === 0) return [];
  const receipts = await db.selectFrom('receipts').selectAll().where('noticeId', 'in', rows.map((row) => row.id)).orderBy('at').execute();
  return rows.map((row) => ({
    ...noticeEntity(row),
    receipts: receipts.filter((receipt) => receipt.noticeId === row.id).map(({ recipient, state, at, place }) => ({ recipient, state, at, place })),
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }));
}

async function noticeWithReceipts(db: Db, row: NoticeRow): Promise<Notice> {
  const [notice] = await noticesWithReceipts(db, [row]);
  return notice!;
}

function withoutEmpty(recipients: NoticeRecipients): NoticeRecipients {
  return Object.fromEntries(Object.entries(recipients).filter(([, list]) => list !== undefined && list.length > 0)) as NoticeRecipients;
}

