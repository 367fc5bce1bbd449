/** HTTP statuses with which a request can be refused by a rule or by its own form. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 409 | 410 | 412 | 413 | 415 | 422 | 429 | 503;

/**
 * A request that is not carried out, said in a way its sender can act on. It becomes `application/problem+json`.
 * The transaction it is thrown in is rolled back.
 */
export class Refusal extends Error {
  readonly status: RefusalStatus;
  /** In words, for programs: `SEAT_TAKEN`. */
  readonly code: string;
  /** The winner, the bound, the allowed values. */
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly errors: readonly { path: string; message: string }[] | undefined;
  /** Seconds after which trying again makes sense. */
  readonly retryAfter: number | undefined;

  constructor(status: RefusalStatus, code: string, detail: string, more: { details?: Record<string, unknown>; errors?: { path: string; message: string }[]; retryAfter?: number } = {}) {
    super(detail);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
    this.details = more.details;
    this.errors = more.errors;
    this.retryAfter = more.retryAfter;
  }
}

/** A rule of the library says no. */
export const conflict = (code: string, detail: string, details?: Record<string, unknown>): Refusal => new Refusal(409, code, detail, details ? { details } : {});
/** There is no such thing. */
export const notFound = (what: string): Refusal => new Refusal(404, 'NOT_FOUND', `There is no such ${what}.`);
/** The caller's form was filled from an older version [If-Match]. */
export const stale = (current: number): Refusal => new Refusal(412, 'VERSION_CONFLICT', 'Somebody else changed this in the meantime. Load it again and repeat your change.', { details: { version: current } });
export const invalid = (path: string, message: string): Refusal => new Refusal(400, 'INVALID_REQUEST', message, { errors: [{ path, message }] });
