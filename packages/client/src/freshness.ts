/**
 * How far a topic's state can be trusted. `provenAt` is when the server last showed that nothing is missing, by the server's clock,
 * ISO 8601 UTC with milliseconds.
 */
export type Freshness =
  | { readonly state: 'live'; readonly provenAt: string }
  | { readonly state: 'catching_up'; readonly provenAt?: string | undefined }
  /** No connection; `since` is milliseconds by this device's clock. */
  | { readonly state: 'stale'; readonly since: number; readonly provenAt?: string | undefined };

/** Whether there is something to show. */
export type TopicStatus =
  | { readonly state: 'loading' }
  | { readonly state: 'ready' }
  /** The server will not give this topic, or not with these filters. */
  | { readonly state: 'refused'; readonly code: string; readonly message: string };
