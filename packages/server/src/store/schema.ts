import { sql, type Kysely } from 'kysely';
import type { Tables } from './tables.ts';

type Db = Kysely<Tables>;
/** Column types both databases know. `seq` is the row number given by the database in order of insertion. */
type Column = 'text' | 'text?' | 'int' | 'int?' | 'seq' | 'id';
type Shape = Record<string, Column>;

const entity = { id: 'id', version: 'int', createdAt: 'text', updatedAt: 'text' } as const satisfies Shape;

/** Table → columns. Every name here is in `Tables`, and the store's contract suite checks that nothing is missing. */
export const SHAPES: { [T in keyof Tables]: { [C in keyof Tables[T]]-?: Column } } = {
  settings: { key: 'id', value: 'text', version: 'int', updatedAt: 'text' },
  users: { ...entity, username: 'text', usernameKey: 'text', displayName: 'text', role: 'text', passwordHash: 'text', active: 'int' },
  sessions: { id: 'id', userId: 'text', refreshHash: 'text', createdAt: 'text', refreshedAt: 'text', expiresAt: 'text', revokedAt: 'text?', revokedReason: 'text?', address: 'text?', userAgent: 'text?' },
  spentRefreshTokens: { hash: 'id', sessionId: 'text', spentAt: 'text' },
  loginAttempts: { account: 'text', at: 'text' },
  socketTickets: { hash: 'id', credential: 'text', expiresAt: 'text' },
  devices: { ...entity, name: 'text', role: 'text', station: 'text?', location: 'text?', codeHash: 'text?', codeExpiresAt: 'text?', tokenHash: 'text?', pairedAt: 'text?', revokedAt: 'text?', lastSeenAt: 'text?' },
  apiKeys: { id: 'id', name: 'text', scopes: 'text', keyHash: 'text', createdAt: 'text', createdBy: 'text', revokedAt: 'text?', lastUsedAt: 'text?' },
  audit: { seq: 'seq', id: 'text', at: 'text', actorId: 'text', actorName: 'text', action: 'text', entity: 'text?', entityId: 'text?', outcome: 'text', details: 'text', address: 'text?' },
  people: {
    ...entity, kind: 'text', schoolId: 'text', schoolIdKey: 'text', barcode: 'text', barcodeKey: 'text', surname: 'text', givenName: 'text', searchKey: 'text', gradeLevel: 'text?', strand: 'text?',
    gradeCategory: 'text?', section: 'text?', sex: 'text?', active: 'int', erasedAt: 'text?',
  },
  visits: {
    ...entity, personId: 'text?', gradeCategory: 'text?', location: 'text', station: 'text?', checkedInAt: 'text', checkedOutAt: 'text?', endedBy: 'text?', localDate: 'text', localHour: 'int', override: 'int', reason: 'text?',
  },
  activities: {
    seq: 'seq', id: 'text', at: 'text', type: 'text', personId: 'text?', gradeCategory: 'text?', location: 'text?', equipmentId: 'text?', bookId: 'text?', duration: 'int?', metadata: 'text?', localDate: 'text', localHour: 'int',
  },
  scans: {
    seq: 'seq', id: 'text', station: 'text', barcodeKey: 'text', receivedAt: 'text', scannedAt: 'text', sentAt: 'text?', sequence: 'int?', intent: 'text?', result: 'text', answer: 'text', personId: 'text?', actorId: 'text',
  },
  scanExceptions: { id: 'id', at: 'text', station: 'text', barcode: 'text', kind: 'text', detail: 'text', resolvedAt: 'text?', resolvedBy: 'text?' },
  equipment: {
    ...entity, name: 'text', nameKey: 'text', type: 'text', location: 'text', seats: 'int', barcode: 'text?', barcodeKey: 'text?', maxMinutes: 'int?', status: 'text', statusReason: 'text?', lastMaintenance: 'text?', notes: 'text?',
  },
  equipmentSessions: {
    ...entity, equipmentId: 'text', seat: 'int', personId: 'text?', gradeCategory: 'text?', startedAt: 'text', endsAt: 'text?', endedAt: 'text?', endReason: 'text?', extensions: 'int', status: 'text', boundMinutes: 'int?',
    boundReason: 'text', warnedMinutes: 'int?', localDate: 'text',
  },
  waitingList: { ...entity, number: 'int', type: 'text', personId: 'text', status: 'text', equipmentId: 'text?', claimUntil: 'text?', localDate: 'text' },
  titles: { ...entity, titleKey: 'text', title: 'text', author: 'text?', isbn: 'text?' },
  books: {
    ...entity, titleId: 'text', barcode: 'text', barcodeKey: 'text', title: 'text', author: 'text?', callNumber: 'text?', collectionCode: 'text?', isbn: 'text?', year: 'text?', edition: 'text?', publisher: 'text?', place: 'text?',
    description: 'text?', note: 'text?', price: 'int?', location: 'text?', lost: 'int', active: 'int', searchKey: 'text',
  },
  loans: {
    ...entity, bookId: 'text', titleId: 'text', personId: 'text?', gradeCategory: 'text?', collectionCode: 'text?', loanedAt: 'text', dueAt: 'text', returnedAt: 'text?', renewals: 'int', fine: 'int', lost: 'int',
    overrideReason: 'text?', noticedAt: 'text?', plannedDueAt: 'text?', localDate: 'text',
  },
  holds: { ...entity, titleId: 'text', bookId: 'text?', personId: 'text', status: 'text', placedAt: 'text', readyAt: 'text?', readyUntil: 'text?', toldAt: 'text?' },
  notices: {
    ...entity, title: 'text', message: 'text', priority: 'text', category: 'text', recipients: 'text', actions: 'text?', requiresAck: 'int', expiresAt: 'text?', causeKey: 'text?', count: 'int', acknowledgedAt: 'text?',
    acknowledgedBy: 'text?', escalation: 'int', nextEscalationAt: 'text?', createdBy: 'text?',
  },
  receipts: { noticeId: 'text', recipient: 'text', state: 'text', at: 'text', place: 'text?' },
  emergencies: { ...entity, severity: 'text', message: 'text', location: 'text?', raisedAt: 'text', raisedBy: 'text', clearedAt: 'text?', clearedBy: 'text?' },
  rollCall: { emergencyId: 'text', personId: 'text', location: 'text', state: 'text', tickedBy: 'text?', tickedAt: 'text?' },
  rollCallTicks: { seq: 'seq', emergencyId: 'text', personId: 'text', state: 'text', tickedBy: 'text', tickedAt: 'text' },
  chatMessages: { seq: 'seq', id: 'text', room: 'text', userId: 'text', username: 'text', text: 'text', clientMessageId: 'text', createdAt: 'text' },
  jobMarks: { key: 'id', at: 'text' },
  imports: {
    id: 'id', kind: 'text', status: 'text', format: 'text?', encoding: 'text?', delimiter: 'text?', lineEnd: 'text?', fileName: 'text?', columns: 'text?', counts: 'text', rows: 'text', error: 'text?', progress: 'int', createdAt: 'text', createdBy: 'text', finishedAt: 'text?',
  },
  outbox: { seq: 'seq', id: 'text', topic: 'text', type: 'text', at: 'text', event: 'text' },
  topicPositions: { topic: 'id', epoch: 'text', pruned: 'int' },
  relayCursor: { name: 'id', seq: 'int' },
  seenCommands: { account: 'text', key: 'text', bodyHash: 'text', status: 'int', answer: 'text', createdAt: 'text' },
};

/** Indexes and, where `unique`, the rules that the database itself holds. */
export const INDEXES: readonly { readonly table: keyof Tables; readonly columns: readonly string[]; readonly unique?: true; readonly where?: string }[] = [
  { table: 'users', columns: ['usernameKey'], unique: true },
  { table: 'sessions', columns: ['refreshHash'], unique: true },
  { table: 'sessions', columns: ['userId'] },
  { table: 'loginAttempts', columns: ['account', 'at'] },
  { table: 'loginAttempts', columns: ['at'] },
  { table: 'socketTickets', columns: ['expiresAt'] },
  { table: 'devices', columns: ['tokenHash'], unique: true, where: '"tokenHash" is not null' },
  { table: 'apiKeys', columns: ['keyHash'], unique: true },
  { table: 'audit', columns: ['at'] },
  { table: 'people', columns: ['schoolIdKey'], unique: true },
  { table: 'people', columns: ['barcodeKey'], unique: true },
  { table: 'people', columns: ['searchKey'] },
  // [ATT1] one open visit per person
  { table: 'visits', columns: ['personId'], unique: true, where: '"checkedOutAt" is null and "personId" is not null' },
  { table: 'visits', columns: ['location'], where: '"checkedOutAt" is null' },
  { table: 'visits', columns: ['localDate'] },
  { table: 'visits', columns: ['personId', 'checkedInAt'] },
  { table: 'activities', columns: ['at'] },
  { table: 'activities', columns: ['personId'] },
  { table: 'scans', columns: ['station', 'scannedAt'] },
  { table: 'scans', columns: ['receivedAt'] },
  { table: 'scans', columns: ['personId'] },
  { table: 'scanExceptions', columns: ['at'] },
  { table: 'equipment', columns: ['nameKey'], unique: true },
  { table: 'equipment', columns: ['barcodeKey'], unique: true, where: '"barcodeKey" is not null' },
  // [EQP1] one open session per seat, and one per person
  { table: 'equipmentSessions', columns: ['equipmentId', 'seat'], unique: true, where: `"status" = 'ACTIVE'` },
  { table: 'equipmentSessions', columns: ['personId'], unique: true, where: `"status" = 'ACTIVE' and "personId" is not null` },
  { table: 'equipmentSessions', columns: ['endsAt'], where: `"status" = 'ACTIVE'` },
  { table: 'equipmentSessions', columns: ['personId', 'localDate'] },
  { table: 'equipmentSessions', columns: ['localDate'] },
  // [EQP5] one place on the lists per person and type
  { table: 'waitingList', columns: ['type', 'personId'], unique: true, where: `"status" in ('WAITING', 'CLAIMED')` },
  { table: 'waitingList', columns: ['equipmentId'], unique: true, where: `"status" = 'CLAIMED'` },
  { table: 'waitingList', columns: ['localDate', 'type'] },
  // [EQP5] the public board shows the number alone: it names one person a day
  { table: 'waitingList', columns: ['localDate', 'number'], unique: true },
  { table: 'titles', columns: ['titleKey'], unique: true },
  { table: 'books', columns: ['barcodeKey'], unique: true },
  { table: 'books', columns: ['titleId'] },
  // [CIR1] one open loan per copy
  { table: 'loans', columns: ['bookId'], unique: true, where: '"returnedAt" is null' },
  { table: 'loans', columns: ['personId', 'returnedAt'] },
  { table: 'loans', columns: ['dueAt'], where: '"returnedAt" is null' },
  { table: 'loans', columns: ['localDate'] },
  // [CIR5] one hold per person and title; a kept copy is kept for one
  { table: 'holds', columns: ['titleId', 'personId'], unique: true, where: `"status" in ('WAITING', 'READY')` },
  { table: 'holds', columns: ['bookId'], unique: true, where: `"status" = 'READY'` },
  { table: 'holds', columns: ['personId'] },
  { table: 'notices', columns: ['createdAt'] },
  { table: 'notices', columns: ['nextEscalationAt'], where: '"nextEscalationAt" is not null' },
  { table: 'notices', columns: ['causeKey', 'createdAt'] },
  { table: 'notices', columns: ['requiresAck'], where: '"requiresAck" = 1 and "acknowledgedAt" is null' },
  { table: 'receipts', columns: ['noticeId', 'recipient', 'state'], unique: true },
  // [EMG1] one emergency of a severity and place at a time would hide a second one: no unique index here, on purpose
  { table: 'rollCall', columns: ['emergencyId', 'personId'], unique: true },
  { table: 'rollCallTicks', columns: ['emergencyId'] },
  { table: 'chatMessages', columns: ['userId', 'clientMessageId'], unique: true },
  { table: 'chatMessages', columns: ['room', 'seq'] },
  { table: 'outbox', columns: ['id'], unique: true },
  { table: 'outbox', columns: ['topic', 'seq'] },
  { table: 'seenCommands', columns: ['account', 'key'], unique: true },
  { table: 'seenCommands', columns: ['createdAt'] },
];

/** Steps from an empty database to this version, in order; a step that has run is never edited, a new one is added. */
export const MIGRATIONS: readonly { readonly name: string; up(db: Db, dialect: 'sqlite' | 'postgres'): Promise<void> }[] = [
  {
    name: '001-first-light',
    async up(db, dialect) {
      for (const [table, shape] of Object.entries(SHAPES)) {
        const columns = Object.entries(shape).map(([name, column]) => sql`${sql.ref(name)} ${sql.raw(columnType(column, dialect))}`);
        await sql`create table ${sql.table(table)} (${sql.join(columns)})`.execute(db);
      }
      for (const index of INDEXES) {
        const name = `${index.table}_${index.columns.join('_')}${index.where ? '_open' : ''}`;
        const unique = sql.raw(index.unique ? 'unique index' : 'index');
        const where = index.where ? sql.raw(` where ${index.where}`) : sql``;
        await sql`create ${unique} ${sql.id(name)} on ${sql.table(index.table)} (${sql.join(index.columns.map((column) => sql.ref(column)))})${where}`.execute(db);
      }
    },
  },
  {
    name: '002-columns-of-imports',
    async up(db) {
      // A store that begins with this version has the column from its first step.
      const imports = (await db.introspection.getTables()).find(({ name }) => name === 'imports');
      if (!imports?.columns.some(({ name }) => name === 'columns')) await sql`alter table "imports" add column "columns" text`.execute(db);
    },
  },
];

function columnType(column: Column, dialect: 'sqlite' | 'postgres'): string {
  switch (column) {
    case 'id': return 'text primary key';
    case 'text': return 'text not null';
    case 'text?': return 'text';
    case 'int': return dialect === 'sqlite' ? 'integer not null' : 'bigint not null';
    case 'int?': return dialect === 'sqlite' ? 'integer' : 'bigint';
    case 'seq': return dialect === 'sqlite' ? 'integer primary key autoincrement' : 'bigserial primary key';
  }
}
