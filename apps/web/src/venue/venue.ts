/** What every screen needs to know of the place it stands in. */
export interface Venue {
  readonly venueName: string;
  /** IANA zone: all times are shown in it, never in the zone of the computer. */
  readonly timezone: string;
  readonly locale: string;
  readonly locations: readonly { readonly name: string; readonly capacity: number }[];
  /** Hours of the local date, `HH:MM` in the zone; `close` up to `24:00`. Undefined = not known: the server has not been reached since the page opened. */
  readonly openToday?: readonly { readonly open: string; readonly close: string }[];
  /** Instant of the next closing; null when closed. */
  readonly closesAt: string | null;
}
