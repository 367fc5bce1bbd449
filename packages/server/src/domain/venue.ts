import Type, { type Static } from 'typebox';

// What an administrator can set: the venue, its policies and its calendar (api.md §5). Schema first; the types follow.

const closed = { additionalProperties: false } as const;
const Minutes = Type.Integer({ minimum: 1, maximum: 24 * 60 });
const Time = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$' });
const LocalDate = Type.String({ format: 'date' });
const Interval = Type.Object({ open: Time, close: Time }, closed);
export type Interval = Static<typeof Interval>;

export const Settings = Type.Object(
  {
    venueName: Type.String({ minLength: 1, maxLength: 120 }),
    timezone: Type.String({ minLength: 1, maxLength: 64, description: 'IANA zone of the venue' }),
    locale: Type.String({ minLength: 2, maxLength: 35 }),
    locations: Type.Array(Type.Object({ name: Type.String({ minLength: 1, maxLength: 80 }), capacity: Type.Integer({ minimum: 1, maximum: 100_000 }) }, closed), { minItems: 1, maxItems: 100 }),
  },
  closed,
);
export type Settings = Static<typeof Settings>;

export const LOAN_MODES = ['Days', 'Datedue', 'Calendar', 'Dayweek'] as const;

export const Policies = Type.Object(
  {
    loans: Type.Object(
      {
        mode: Type.Enum(LOAN_MODES),
        days: Type.Record(Type.String({ minLength: 1, maxLength: 60 }), Type.Integer({ minimum: 0, maximum: 366 }), { description: 'by collection code, patron category or location; `default` for the rest; 0 = library use only' }),
        maxLoans: Type.Integer({ minimum: 0, maximum: 1000 }),
        maxRenewals: Type.Integer({ minimum: 0, maximum: 100 }),
        renewFrom: Type.Enum(['DUE_DATE', 'TODAY']),
      },
      closed,
    ),
    holds: Type.Object({ pickupDays: Type.Integer({ minimum: 1, maximum: 60 }) }, closed),
    fines: Type.Object(
      {
        perDay: Type.Record(Type.String({ minLength: 1 }), Type.Integer({ minimum: 0, maximum: 1_000_000 }), { description: 'centavos for each open day overdue, by patron category; `default` for the rest' }),
        maximum: Type.Integer({ minimum: 0, maximum: 100_000_000, description: 'centavos' }),
      },
      closed,
    ),
    sessions: Type.Object(
      {
        minutes: Type.Record(Type.String({ minLength: 1 }), Type.Union([Minutes, Type.Null()]), { description: 'by patron category; null = no limit' }),
        dailyMinutes: Minutes,
        extensionMinutes: Minutes,
        maxExtensions: Type.Integer({ minimum: 0, maximum: 100 }),
        claimMinutes: Minutes,
      },
      closed,
    ),
    attendance: Type.Object(
      { dedupeSeconds: Type.Integer({ minimum: 0, maximum: 3600 }), minimumStayMinutes: Type.Integer({ minimum: 0, maximum: 24 * 60 }), capacityWarningPercent: Type.Integer({ minimum: 1, maximum: 100 }) },
      closed,
    ),
    retention: Type.Object(
      { visitDays: Type.Integer({ minimum: 1 }), loanDays: Type.Integer({ minimum: 1 }), chatDays: Type.Integer({ minimum: 1 }), auditDays: Type.Integer({ minimum: 1 }) },
      closed,
    ),
  },
  closed,
);
export type Policies = Static<typeof Policies>;

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export const Calendar = Type.Object(
  {
    openingHours: Type.Object(Object.fromEntries(WEEKDAYS.map((day) => [day, Type.Array(Interval, { maxItems: 6 })])) as Record<Weekday, ReturnType<typeof Type.Array<typeof Interval>>>, closed),
    exceptions: Type.Array(Type.Object({ date: LocalDate, hours: Type.Array(Interval, { maxItems: 6 }), reason: Type.String({ maxLength: 200 }) }, closed), { maxItems: 2000 }),
    closedDays: Type.Array(Type.Object({ date: LocalDate, yearly: Type.Boolean(), reason: Type.String({ maxLength: 200 }) }, closed), { maxItems: 2000 }),
  },
  closed,
);
export type Calendar = Static<typeof Calendar>;

/** What the rules need to know of the venue, as of the start of a command. */
export interface Venue {
  readonly settings: Settings;
  readonly policies: Policies;
  readonly calendar: Calendar;
  readonly versions: { readonly venue: number; readonly policies: number; readonly calendar: number };
}

export const defaultSettings = (timezone: string, locale: string): Settings => ({
  venueName: 'School Library',
  timezone,
  locale,
  locations: [
    { name: 'Main Library', capacity: 60 },
    { name: 'AVR Room', capacity: 30 },
    { name: 'Recreational Room', capacity: 20 },
  ],
});

/** The figures of domain.md: every one can be changed in the admin pages. */
export const DEFAULT_POLICIES: Policies = {
  loans: { mode: 'Datedue', days: { FIC: 7, GC: 3, FIL: 3, TR: 7, EB: 1, R: 0, REF: 0, default: 3 }, maxLoans: 3, maxRenewals: 2, renewFrom: 'DUE_DATE' },
  holds: { pickupDays: 3 },
  fines: { perDay: { PRIMARY: 200, PERSONNEL: 0, default: 500 }, maximum: 20_000 },
  sessions: {
    minutes: { PRIMARY: 30, GRADE_SCHOOL: 60, JUNIOR_HIGH: 90, SENIOR_HIGH: 120, PERSONNEL: null },
    dailyMinutes: 180,
    extensionMinutes: 15,
    maxExtensions: 2,
    claimMinutes: 3,
  },
  attendance: { dedupeSeconds: 10, minimumStayMinutes: 5, capacityWarningPercent: 80 },
  retention: { visitDays: 365, loanDays: 365, chatDays: 30, auditDays: 730 },
};

const SCHOOL_DAY = [{ open: '07:30', close: '17:00' }];
export const DEFAULT_CALENDAR: Calendar = {
  openingHours: { mon: SCHOOL_DAY, tue: SCHOOL_DAY, wed: SCHOOL_DAY, thu: SCHOOL_DAY, fri: SCHOOL_DAY, sat: [], sun: [] },
  exceptions: [],
  closedDays: [],
};
