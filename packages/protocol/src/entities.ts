import Type, { type Static } from 'typebox';
import { Id, Instant } from './envelope.ts';
import { ROLES } from './roles.ts';

// The entities that travel in topic events. Each is whole after its change, so that applying one twice is harmless.

export const ACTIVITY_TYPES = ['CHECK_IN', 'CHECK_OUT', 'EQUIPMENT_USE', 'BOOK_BORROW', 'BOOK_RETURN'] as const;
export const EQUIPMENT_STATUSES = ['AVAILABLE', 'IN_USE', 'MAINTENANCE', 'OUT_OF_ORDER'] as const;
export const GRADE_CATEGORIES = ['PRIMARY', 'GRADE_SCHOOL', 'JUNIOR_HIGH', 'SENIOR_HIGH', 'PERSONNEL'] as const;
export const PRIORITIES = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;
export const NOTICE_CATEGORIES = ['SYSTEM', 'USER', 'EQUIPMENT', 'BOOK', 'REMINDER'] as const;
export const SEVERITIES = ['HIGH', 'CRITICAL'] as const;
export const SERIES = ['visits', 'equipment', 'circulation'] as const;
export const SYSTEM_CATEGORIES = ['MAINTENANCE', 'STATUS', 'IMPORT', 'SECURITY'] as const;
export const METRICS = [
  'totalStudents', 'activeSessions', 'equipmentInUse', 'booksBorrowed', 'overdueItems', 'occupancy', 'capacity', 'visitsToday', 'waiting',
] as const;

export type ActivityType = (typeof ACTIVITY_TYPES)[number];
export type EquipmentStatus = (typeof EQUIPMENT_STATUSES)[number];
export type GradeCategory = (typeof GRADE_CATEGORIES)[number];
export type Priority = (typeof PRIORITIES)[number];
export type NoticeCategory = (typeof NOTICE_CATEGORIES)[number];
export type Severity = (typeof SEVERITIES)[number];
export type Series = (typeof SERIES)[number];
export type SystemCategory = (typeof SYSTEM_CATEGORIES)[number];
export type Metric = (typeof METRICS)[number];

const optional = Type.Optional;

export const Activity = Type.Object({
  id: Id,
  studentId: optional(Id),
  studentName: optional(Type.String()),
  gradeCategory: optional(Type.Enum(GRADE_CATEGORIES)),
  gradeLevel: optional(Type.String({ description: 'as the person has it now, for staff' })),
  section: optional(Type.String()),
  activityType: Type.Enum(ACTIVITY_TYPES),
  timestamp: Instant,
  location: optional(Type.String()),
  equipmentId: optional(Id),
  equipmentName: optional(Type.String()),
  duration: optional(Type.Integer({ description: 'seconds; on the end of a visit, session or loan' })),
  metadata: optional(Type.Record(Type.String(), Type.Unknown())),
});
export type Activity = Static<typeof Activity>;

export const EquipmentSession = Type.Object({
  id: Id,
  studentId: optional(Id),
  studentName: optional(Type.String()),
  startedAt: Instant,
  endsAt: Type.Union([Instant, Type.Null()]),
  extensions: Type.Integer(),
});

export const Equipment = Type.Object({
  id: Id,
  name: Type.String(),
  type: Type.String({ description: 'COMPUTER, GAMING_CONSOLE, STUDY_ROOM or a type of the venue' }),
  status: Type.Enum(EQUIPMENT_STATUSES),
  location: Type.String(),
  seats: Type.Integer({ minimum: 1 }),
  currentUserId: optional(Id),
  currentUserName: optional(Type.String()),
  sessionStartTime: optional(Instant),
  sessionDuration: optional(Type.Integer({ description: 'seconds granted, from start to end' })),
  endsAt: optional(Type.Union([Instant, Type.Null()])),
  sessions: Type.Array(EquipmentSession),
  waiting: Type.Integer({ description: 'people on the waiting list for this type' }),
  claimNumber: optional(Type.Integer({ description: 'waiting-list number the item is held for' })),
  claimUntil: optional(Instant),
  lastMaintenance: optional(Instant),
  statusReason: optional(Type.String()),
  version: Type.Integer(),
});
export type Equipment = Static<typeof Equipment>;

export const NoticeRecipients = Type.Object(
  { users: optional(Type.Array(Id, { maxItems: 200 })), roles: optional(Type.Array(Type.Enum(ROLES))), stations: optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 100 })) },
  { additionalProperties: false },
);
export type NoticeRecipients = Static<typeof NoticeRecipients>;

export const NoticeAction = Type.Object(
  { id: Id, label: Type.String({ minLength: 1, maxLength: 80 }), url: optional(Type.String({ maxLength: 500, pattern: '^/(?!/)', description: 'a path of this site' })) },
  { additionalProperties: false },
);

export const Notification = Type.Object({
  id: Id,
  title: Type.String(),
  message: Type.String(),
  priority: Type.Enum(PRIORITIES),
  category: Type.Enum(NOTICE_CATEGORIES),
  timestamp: Instant,
  recipients: optional(NoticeRecipients),
  actionable: Type.Boolean(),
  actions: optional(Type.Array(NoticeAction)),
  expiresAt: optional(Instant),
  requiresAck: optional(Type.Boolean()),
  cause: optional(Type.String({ description: 'what happened, as a code: TIME_LIMIT_WARNING, HOLD_READY, OVERDUE …; absent on notices that people write' })),
  count: optional(Type.Integer({ description: 'how many times this cause occurred [NOT3]' })),
  acknowledgedBy: optional(Type.String()),
  acknowledgedAt: optional(Instant),
});
export type Notification = Static<typeof Notification>;

export const Alert = Type.Object({ type: Type.String(), message: Type.String(), count: Type.Integer(), severity: Type.Enum(['INFO', 'WARNING', 'DANGER']) });
export type Alert = Static<typeof Alert>;

export const Metrics = Type.Object({
  totalStudents: Type.Integer({ description: 'pupils and personnel inside now' }),
  activeSessions: Type.Integer(),
  equipmentInUse: Type.Integer(),
  booksBorrowed: Type.Integer(),
  overdueItems: Type.Integer(),
  occupancy: Type.Integer(),
  capacity: Type.Integer(),
  visitsToday: Type.Integer(),
  waiting: Type.Integer(),
});
export type Metrics = Static<typeof Metrics>;

export const Dashboard = Type.Object({ metrics: Type.Partial(Metrics), alerts: Type.Array(Alert), timestamp: Instant });
export type Dashboard = Omit<Static<typeof Dashboard>, 'metrics'> & { metrics: Partial<Metrics> };

export const AnalyticsUpdate = Type.Object({
  series: Type.Enum(SERIES),
  date: Type.String({ description: 'YYYY-MM-DD in the venue’s zone' }),
  totals: Type.Record(Type.String(), Type.Number()),
  timestamp: Instant,
});
export type AnalyticsUpdate = Static<typeof AnalyticsUpdate>;

export const EmergencyAlert = Type.Object({
  id: Id,
  severity: Type.Enum(SEVERITIES),
  message: Type.String(),
  location: optional(Type.String()),
  state: Type.Enum(['ACTIVE', 'ALL_CLEAR']),
  raisedAt: Instant,
  raisedBy: optional(Type.String()),
  clearedAt: optional(Instant),
  clearedBy: optional(Type.String()),
  counts: optional(Type.Object({ inside: Type.Integer(), safe: Type.Integer(), missing: Type.Integer(), unaccounted: Type.Integer() })),
  rollCall: optional(Type.Array(Type.Object({
    personId: Id, name: Type.String(), section: optional(Type.String()), location: Type.String(),
    state: Type.Enum(['UNACCOUNTED', 'SAFE', 'MISSING']), tickedBy: optional(Type.String()), tickedAt: optional(Instant),
  }))),
  timestamp: Instant,
});
export type EmergencyAlert = Static<typeof EmergencyAlert>;

export const ChatMessage = Type.Object({
  id: Id, room: Type.String(), userId: Id, username: Type.String(), text: Type.String(), clientMessageId: Id, timestamp: Instant,
});
export type ChatMessage = Static<typeof ChatMessage>;

export const PresenceUpdate = Type.Object({
  userId: Id, username: Type.String(), state: Type.Enum(['active', 'away', 'left']),
  page: optional(Type.String()), editing: optional(Type.String()), timestamp: Instant,
});
export type PresenceUpdate = Static<typeof PresenceUpdate>;

export const SystemUpdate = Type.Object({
  id: Id, category: Type.Enum(SYSTEM_CATEGORIES), message: Type.String(), timestamp: Instant,
  details: optional(Type.Record(Type.String(), Type.Unknown())),
});
export type SystemUpdate = Static<typeof SystemUpdate>;
