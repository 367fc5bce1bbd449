import { createHash } from 'node:crypto';
import type { Clock, NewEvent, Target } from '@clms/realtime';
import { sql } from 'kysely';
import { INBOX } from '@clms/protocol';
import { newEventId, newId } from '../ids.ts';
import { inChunks } from '../store/chunks.ts';
import { appendToOutbox } from '../store/outbox.ts';
import { isLostRace, type Db, type Store, type Tx } from '../store/open-store.ts';
import { insertRow } from '../store/prepared.ts';
import type { Actor } from './actor.ts';
import { toInstant } from './instant.ts';
import { Refusal } from './refusal.ts';
import { rememberAnswer, seenAnswer } from './seen-commands.ts';
import type { AuditEntry, Unit } from './unit.ts';
import type { Venue } from './venue.ts';
import { loadVenue } from './venue-store.ts';

/** How often a unit that lost a race is run again. Each run sees one more winner, and rules leave nothing to race for after that. */
const RACE_RETRIES = 5;

/** A command that may arrive twice: the same key and body of the same account gives the stored answer. */
export interface CommandKey {
  readonly account: string;
  readonly key: string;
  /** Method, path and body; hashed before it is stored. */
  readonly request: string;
}

export interface CommandAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly replayed: boolean;
}

/** Runs commands as units, tells the relay what they committed, and remembers the answers of keyed ones [api.md §1]. */
export class UnitRunner {
  readonly store: Store;
  readonly clock: Clock;
  #venue: Venue;
  readonly #listeners: ((events: readonly NewEvent[]) => void)[] = [];
  /** Keyed commands at work: a repeat waits here. Bounded by the requests the HTTP server holds open. */
  readonly #running = new Map<string, Promise<CommandAnswer>>();

  private constructor(store: Store, clock: Clock, venue: Venue) {
    this.store = store;
    this.clock = clock;
    this.#venue = venue;
  }

  static async open(store: Store, clock: Clock): Promise<UnitRunner> {
    return new UnitRunner(store, clock, await loadVenue(store.db));
  }

  /** For reading outside of a unit. */
  get db(): Db {
    return this.store.db;
  }

  get venue(): Venue {
    return this.#venue;
  }

  now(): number {
    return this.clock.now();
  }

  /** Settings, policies or calendar were changed, here or on another node. */
  async reloadVenue(): Promise<void> {
    this.#venue = await loadVenue(this.store.db);
  }

  /** Called after every commit, with what it published, in order. */
  onCommit(listener: (events: readonly NewEvent[]) => void): void {
    this.#listeners.push(listener);
  }

  async run<T>(actor: Actor, work: (unit: Unit) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(actor, work);
      } catch (error) {
        if (attempt >= RACE_RETRIES || !isLostRace(error)) throw error;
      }
    }
  }

  /**
   * Runs a keyed command once for ever (24 h): answers and refusals of the rules (2xx, 409) are stored in the same transaction as the change
   * or, for refusals, right after; other failures are not, so that trying again tries again.
   */
  async runOnce(actor: Actor, command: CommandKey, work: (unit: Unit) => Promise<{ status: number; body: unknown }>, problem: (refusal: Refusal) => unknown): Promise<CommandAnswer> {
    const name = `${command.account}\n${command.key}`;
    const bodyHash = createHash('sha256').update(command.request).digest('hex');
    const running = this.#running.get(name);
    if (running) {
      await running.catch(() => undefined); // its failure is answered to its own caller; this one tries for itself
      return this.runOnce(actor, command, work, problem);
    }
    const answer = this.#once(actor, command, bodyHash, work, problem);
    this.#running.set(name, answer);
    try {
      return await answer;
    } finally {
      this.#running.delete(name);
    }
  }

  async #once(actor: Actor, command: CommandKey, bodyHash: string, work: (unit: Unit) => Promise<{ status: number; body: unknown }>, problem: (refusal: Refusal) => unknown): Promise<CommandAnswer> {
    const seen = { account: command.account, key: command.key, bodyHash };
    try {
      return await this.run(actor, async (unit) => {
        const before = await seenAnswer(unit.db, seen);
        if (before) return { ...before, replayed: true };
        const { status, body } = await work(unit);
        if (status >= 200 && status < 300) await rememberAnswer(unit.db, seen, { status, body }, unit.at);
        return { status, body, replayed: false };
      });
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 409) throw error;
      const body = problem(error);
      // Another node may have answered the same command meanwhile: then its answer is the answer.
      return this.run(actor, async (unit) => {
        const before = await seenAnswer(unit.db, seen);
        if (before) return { ...before, replayed: true };
        await rememberAnswer(unit.db, seen, { status: 409, body }, unit.at);
        return { status: 409, body, replayed: false };
      });
    }
  }

  /** With several nodes another one may have changed settings: a command is judged by those that are committed, not by those this node remembers. */
  async #followVenue(tx: Tx): Promise<void> {
    const rows = await tx.selectFrom('settings').select(['key', 'version']).execute();
    if (rows.some(({ key, version }) => version !== this.#venue.versions[key])) this.#venue = await loadVenue(tx);
  }

  async #attempt<T>(actor: Actor, work: (unit: Unit) => Promise<T>): Promise<T> {
    const now = this.clock.now();
    const at = toInstant(now);
    const events: NewEvent[] = [];
    const audits: AuditEntry[] = [];
    const afterwards: (() => void)[] = [];
    let venueChanged = false;
    const result = await this.store.transaction(async (tx) => {
      if (this.store.kind === 'postgres') await this.#followVenue(tx);
      const unit: Unit = {
        db: tx,
        now,
        at,
        actor,
        venue: this.#venue,
        publish: (topic, type, data, meta) => void events.push({ id: newEventId(now), topic, type, timestamp: at, data, ...(meta && { meta }) }),
        send: (target: Target, type, data, excludeClientId) =>
          void events.push({ id: newEventId(now), topic: INBOX, type, timestamp: at, data, target, ...(excludeClientId && { excludeClientId }) }),
        lock: async (what) => {
          if (this.store.kind === 'postgres') await sql`select pg_advisory_xact_lock(hashtextextended(${what}, 0))`.execute(tx);
        },
        audit: (entry) => void audits.push(entry),
        venueChanged: () => void (venueChanged = true),
        afterCommit: (afterwork) => void afterwards.push(afterwork),
      };
      const value = await work(unit);
      if (audits.length === 1) await insertRow(tx, 'audit', auditRow(audits[0]!, actor, at));
      else for (const some of inChunks(audits)) await tx.insertInto('audit').values(some.map((entry) => auditRow(entry, actor, at))).execute();
      await appendToOutbox(tx, this.store.kind, events);
      return value;
    });
    if (venueChanged) await this.reloadVenue();
    for (const afterwork of afterwards) afterwork();
    for (const listener of this.#listeners) listener(events);
    return result;
  }
}

function auditRow(entry: AuditEntry, actor: Actor, at: string) {
  return {
    id: newId('audit'),
    at,
    actorId: actor.id,
    actorName: actor.name,
    action: entry.action,
    entity: entry.entity ?? null,
    entityId: entry.entityId ?? null,
    outcome: entry.outcome ?? 'OK',
    details: JSON.stringify(entry.details ?? {}),
    address: actor.kind === 'system' ? null : (actor.address ?? null),
  };
}
