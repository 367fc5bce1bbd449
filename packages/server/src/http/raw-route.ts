import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TObject, TSchema } from 'typebox';
import type { Static } from 'typebox';
import type { Actor } from '../domain/actor.ts';
import type { Access, Route } from './route.ts';

type Data<S extends TSchema | undefined> = S extends TSchema ? Static<S> : undefined;

export interface RawInput<P extends TObject | undefined = undefined, Q extends TObject | undefined = undefined, B extends TSchema | undefined = undefined> {
  readonly params: Data<P>;
  readonly query: Data<Q>;
  readonly body: Data<B>;
  readonly actor: Actor;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/**
 * A route that needs the request itself: cookies, streams, files, work outside of a unit. It is validated, guarded and documented like
 * the others; what it returns is sent as JSON, unless it has sent something itself and returns the reply.
 * One that changes something answers through `onceOnly` (http/idempotency.ts) or `onceByKey` (http/once-by-key.ts), so that Idempotency-Key
 * holds there too; `keyless` ones do not.
 */
export interface RawRoute<P extends TObject | undefined = undefined, Q extends TObject | undefined = undefined, B extends TSchema | undefined = undefined> {
  readonly kind: 'raw';
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Whom it lets in. `OPEN` ones get the system's actor. */
  readonly access: Access;
  readonly tag: string;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly answer: TSchema;
  readonly status?: 200 | 201 | 202;
  /** Other statuses with an answer of the same shape. */
  readonly also?: readonly (200 | 202 | 503)[];
  /** Takes no Idempotency-Key: its answers are secrets that are not kept, and doing it twice harms nobody. */
  readonly keyless?: true;
  /** Bytes; default is the server's own limit. */
  readonly bodyLimit?: number;
  /** The body is not JSON (an upload): it reaches the handler as the request's stream. */
  readonly upload?: true;
  /** The answer is not JSON; documented under this media type. */
  readonly mediaType?: string;
  /** The answer may be asked for as text of this type instead. */
  readonly alsoAs?: string;
  /** GET routes that open a stream of events: the origin is checked, and the session cookie counts as a credential [FB4]. */
  readonly realtime?: true;
  handle(input: RawInput<P, Q, B>): Promise<unknown>;
}

type AnyRawRoute = RawRoute<never, never, never>;
export type HttpRoute = Route | AnyRawRoute;

/** Declares a route that needs the request itself. */
export function raw<P extends TObject | undefined = undefined, Q extends TObject | undefined = undefined, B extends TSchema | undefined = undefined>(route: Omit<RawRoute<P, Q, B>, 'kind'>): HttpRoute {
  return { kind: 'raw', ...route } as unknown as HttpRoute;
}
