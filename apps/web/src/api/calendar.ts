export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** `HH:MM` of the venue's clock; `close` up to `24:00`. */
export interface OpenInterval {
  readonly open: string;
  readonly close: string;
}

/** When the place is open. Dates are YYYY-MM-DD of the venue. */
export interface Calendar {
  readonly openingHours: Readonly<Record<Weekday, readonly OpenInterval[]>>;
  readonly exceptions: readonly { readonly date: string; readonly hours: readonly OpenInterval[]; readonly reason: string }[];
  readonly closedDays: readonly { readonly date: string; readonly yearly: boolean; readonly reason: string }[];
}
export type VersionedCalendar = Calendar & { readonly version: number };
