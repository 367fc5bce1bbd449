import type { ColumnType, Generated } from 'kysely';

// Every table, as rows are in SQLite and in Postgres alike. Instants are ISO 8601 UTC text with milliseconds (they sort as text),
// dates are YYYY-MM-DD in the venue's zone, flags are 0/1, money is integer centavos, structured values are JSON text.

type Flag = 0 | 1;
type Json = string;
type Instant = string;
type LocalDate = string;

interface Entity {
  id: string;
  version: ColumnType<number, number | undefined, number>;
  createdAt: Instant;
  updatedAt: Instant;
}

export interface Tables {
  settings: { key: 'venue' | 'policies' | 'calendar'; value: Json; version: number; updatedAt: Instant };

  users: Entity & { username: string; usernameKey: string; displayName: string; role: 'ADMIN' | 'LIBRARIAN' | 'STAFF'; passwordHash: string; active: Flag };
  sessions: {
    id: string; userId: string; refreshHash: string; createdAt: Instant; refreshedAt: Instant; expiresAt: Instant;
    revokedAt: Instant | null; revokedReason: string | null; address: string | null; userAgent: string | null;
  };
  /** Refresh tokens already rotated away: one that comes back means theft. */
  spentRefreshTokens: { hash: string; sessionId: string; spentAt: Instant };
  /** Wrong passwords and codes of the last minutes, by whom they were tried on and from where: hashed, since people mistype passwords as names. */
  loginAttempts: { account: string; at: Instant };
  /** One-time tickets for opening a socket [UP2]: any node redeems what another gave. */
  socketTickets: { hash: string; credential: Json; expiresAt: Instant };
  devices: Entity & {
    name: string; role: 'KIOSK' | 'DISPLAY'; station: string | null; location: string | null;
    codeHash: string | null; codeExpiresAt: Instant | null; tokenHash: string | null; pairedAt: Instant | null; revokedAt: Instant | null; lastSeenAt: Instant | null;
  };
  apiKeys: { id: string; name: string; scopes: Json; keyHash: string; createdAt: Instant; createdBy: string; revokedAt: Instant | null; lastUsedAt: Instant | null };
  audit: { seq: Generated<number>; id: string; at: Instant; actorId: string; actorName: string; action: string; entity: string | null; entityId: string | null; outcome: string; details: Json; address: string | null };

  people: Entity & {
    kind: 'STUDENT' | 'PERSONNEL'; schoolId: string; schoolIdKey: string; barcode: string; barcodeKey: string; surname: string; givenName: string;
    /** Surname and given name without case and accents: what a search compares with [PPL1]. */
    searchKey: string; gradeLevel: string | null; strand: string | null; gradeCategory: string | null; section: string | null; sex: string | null;
    active: Flag; erasedAt: Instant | null;
  };
  /** `personId` is null once retention has taken the person out of the row [PRV2]. */
  visits: Entity & {
    personId: string | null; gradeCategory: string | null; location: string; station: string | null; checkedInAt: Instant; checkedOutAt: Instant | null; endedBy: string | null;
    localDate: LocalDate; localHour: number; override: Flag; reason: string | null;
  };
  activities: {
    seq: Generated<number>; id: string; at: Instant; type: string; personId: string | null; gradeCategory: string | null; location: string | null;
    equipmentId: string | null; bookId: string | null; duration: number | null; metadata: Json | null; localDate: LocalDate; localHour: number;
  };
  /** Answers of the last scans: the blanking window of [SCN2] and the desk's strip. */
  scans: {
    seq: Generated<number>; id: string; station: string; barcodeKey: string; receivedAt: Instant; scannedAt: Instant; sentAt: Instant | null; sequence: number | null; intent: string | null;
    result: string; answer: Json; personId: string | null; actorId: string;
  };
  scanExceptions: { id: string; at: Instant; station: string; barcode: string; kind: string; detail: string; resolvedAt: Instant | null; resolvedBy: string | null };

  equipment: Entity & {
    name: string; nameKey: string; type: string; location: string; seats: number; barcode: string | null; barcodeKey: string | null; maxMinutes: number | null;
    status: 'AVAILABLE' | 'MAINTENANCE' | 'OUT_OF_ORDER'; statusReason: string | null; lastMaintenance: Instant | null; notes: string | null;
  };
  /** One open session per seat and one per person: partial unique indexes over status = 'ACTIVE'. */
  equipmentSessions: Entity & {
    equipmentId: string; seat: number; personId: string | null; gradeCategory: string | null; startedAt: Instant; endsAt: Instant | null; endedAt: Instant | null; endReason: string | null;
    extensions: number; status: 'ACTIVE' | 'COMPLETED' | 'EXPIRED' | 'TERMINATED'; boundMinutes: number | null; boundReason: string;
    /** Smallest warning already sent, in minutes before the end (10, 5, 1); null = none since the last change of the end. */
    warnedMinutes: number | null; localDate: LocalDate;
  };
  waitingList: Entity & {
    number: number; type: string; personId: string; status: 'WAITING' | 'CLAIMED' | 'SERVED' | 'EXPIRED' | 'LEFT'; equipmentId: string | null; claimUntil: Instant | null; localDate: LocalDate;
  };

  titles: Entity & { titleKey: string; title: string; author: string | null; isbn: string | null };
  books: Entity & {
    titleId: string; barcode: string; barcodeKey: string; title: string; author: string | null; callNumber: string | null; collectionCode: string | null; isbn: string | null;
    year: string | null; edition: string | null; publisher: string | null; place: string | null; description: string | null; note: string | null; price: number | null;
    location: string | null; lost: Flag; active: Flag; searchKey: string;
  };
  loans: Entity & {
    bookId: string; titleId: string; personId: string | null; gradeCategory: string | null; collectionCode: string | null; loanedAt: Instant; dueAt: Instant; returnedAt: Instant | null;
    renewals: number; fine: number; lost: Flag; overrideReason: string | null; noticedAt: Instant | null;
    /** What `dueAt` was before the library closed on that day unplanned; null = never moved. An undone closing puts it back. */
    plannedDueAt: Instant | null; localDate: LocalDate;
  };
  holds: Entity & {
    titleId: string; bookId: string | null; personId: string; status: 'WAITING' | 'READY' | 'COLLECTED' | 'EXPIRED' | 'CANCELLED'; placedAt: Instant; readyAt: Instant | null; readyUntil: Instant | null;
    /** When the person was told at the kiosk. */
    toldAt: Instant | null;
  };

  notices: Entity & {
    title: string; message: string; priority: string; category: string; recipients: Json; actions: Json | null; requiresAck: Flag; expiresAt: Instant | null;
    causeKey: string | null; count: number; acknowledgedAt: Instant | null; acknowledgedBy: string | null; escalation: number; nextEscalationAt: Instant | null; createdBy: string | null;
  };
  receipts: { noticeId: string; recipient: string; state: 'delivered' | 'seen' | 'acknowledged'; at: Instant; place: string | null };
  emergencies: Entity & { severity: 'HIGH' | 'CRITICAL'; message: string; location: string | null; raisedAt: Instant; raisedBy: string; clearedAt: Instant | null; clearedBy: string | null };
  rollCall: { emergencyId: string; personId: string; location: string; state: 'UNACCOUNTED' | 'SAFE' | 'MISSING'; tickedBy: string | null; tickedAt: Instant | null };
  rollCallTicks: { seq: Generated<number>; emergencyId: string; personId: string; state: string; tickedBy: string; tickedAt: Instant };
  chatMessages: { seq: Generated<number>; id: string; room: string; userId: string; username: string; text: string; clientMessageId: string; createdAt: Instant };
  /** Things done once: "closing warning of 2026-03-02", say. */
  jobMarks: { key: string; at: Instant };
  imports: {
    id: string; kind: string; status: string; format: string | null; encoding: string | null; delimiter: string | null; lineEnd: string | null; fileName: string | null; columns: Json | null; counts: Json; rows: Json; error: string | null;
    progress: number; createdAt: Instant; createdBy: string; finishedAt: Instant | null;
  };

  /** What was committed and must be told, in order of commit. It is also the history that a restart rebuilds. */
  outbox: { seq: Generated<number>; id: string; topic: string; type: string; at: Instant; event: Json };
  /** Per topic: its epoch, and how many events were pruned from the outbox; offset of a row = pruned + its rank. */
  topicPositions: { topic: string; epoch: string; pruned: number };
  /** How far a shared broker has been told (several nodes). */
  relayCursor: { name: string; seq: number };
  /** Answers by idempotency key, kept 24 h. */
  seenCommands: { account: string; key: string; bodyHash: string; status: number; answer: Json; createdAt: Instant };
}
