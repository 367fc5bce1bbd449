import type { Role } from '@clms/protocol';
import type { Static, TObject, TSchema } from 'typebox';
import type { Actor } from '../domain/actor.ts';
import type { Unit } from '../domain/unit.ts';
import type { Venue } from '../domain/venue.ts';
import type { Db } from '../store/open-store.ts';

/** Who may call a route: these roles, and API keys with this scope. */
export interface Access {
  readonly roles: readonly Role[];
  readonly scope?: 'publish' | 'metrics' | 'read';
  /** No credential is asked for: the route proves its caller by itself (login, setup, pairing) or tells nothing that matters. */
  readonly open?: true;
}

export const OPEN: Access = { roles: [], open: true };
/** Whoever is known: people and devices. */
export const ANYBODY: Access = { roles: ['ADMIN', 'LIBRARIAN', 'STAFF', 'KIOSK', 'DISPLAY'] };

export const STAFF: Access = { roles: ['ADMIN', 'LIBRARIAN', 'STAFF'] };
export const STAFF_READ: Access = { roles: ['ADMIN', 'LIBRARIAN', 'STAFF'], scope: 'read' };
export const STAFF_AND_KIOSK: Access = { roles: ['ADMIN', 'LIBRARIAN', 'STAFF', 'KIOSK'] };
export const MANAGERS: Access = { roles: ['ADMIN', 'LIBRARIAN'] };
export const MANAGERS_READ: Access = { roles: ['ADMIN', 'LIBRARIAN'], scope: 'read' };
export const ADMIN: Access = { roles: ['ADMIN'] };

type Data<S extends TSchema | undefined> = S extends TSchema ? Static<S> : undefined;

interface Input<P extends TObject | undefined, Q extends TObject | undefined, B extends TSchema | undefined> {
  readonly params: Data<P>;
  /** Query strings arrive as text; numbers and booleans are converted by the schema. */
  readonly query: Data<Q>;
  readonly body: Data<B>;
  /** From `If-Match`: the version the caller's form was filled from. */
  readonly ifMatch: number | undefined;
}

/** What a reading handler has. It must not write. */
interface ReadContext {
  readonly db: Db;
  readonly now: number;
  readonly venue: Venue;
  readonly actor: Actor;
}

interface RouteBase<P extends TObject | undefined, Q extends TObject | undefined, B extends TSchema | undefined> {
  /** As in Fastify: `/api/students/:id`. */
  readonly path: string;
  readonly access: Access;
  /** Heading in the API's documentation: 'People', 'Equipment' … */
  readonly tag: string;
  /** What it does, in one line. */
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** What a success answers: documents it, and shapes the JSON. */
  readonly answer: TSchema;
}

export interface QueryRoute<P extends TObject | undefined = undefined, Q extends TObject | undefined = undefined, B extends TSchema | undefined = undefined> extends RouteBase<P, Q, B> {
  readonly kind: 'query';
  /** POST only where the question must not stand in a URL (names). */
  readonly method: 'GET' | 'POST';
  handle(context: ReadContext, input: Input<P, Q, B>): Promise<unknown>;
}

export interface CommandRoute<P extends TObject | undefined = undefined, Q extends TObject | undefined = undefined, B extends TSchema | undefined = undefined> extends RouteBase<P, Q, B> {
  readonly kind: 'command';
  /** GET for look-ups of people, which leave a trace in the audit. */
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Status of a success; default 200. */
  readonly status?: 200 | 201;
  /** Runs as a unit, once per Idempotency-Key. Refuses by throwing a `Refusal`. */
  handle(unit: Unit, input: Input<P, Q, B>): Promise<unknown>;
}

export type Route = QueryRoute<never, never, never> | CommandRoute<never, never, never>;

/** Declares a route that reads. */
export function query<P extends TObject | undefined = undefined, Q extends TObject | undefined = undefined, B extends TSchema | undefined = undefined>(route: Omit<QueryRoute<P, Q, B>, 'kind'>): Route {
  return { kind: 'query', ...route } as unknown as Route;
}

/** Declares a route that changes something. */
export function command<P extends TObject | undefined = undefined, Q extends TObject | undefined = undefined, B extends TSchema | undefined = undefined>(route: Omit<CommandRoute<P, Q, B>, 'kind'>): Route {
  return { kind: 'command', ...route } as unknown as Route;
}
