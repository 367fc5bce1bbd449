import type { Cancel, Clock, SecurityEntry } from '@clms/realtime';
import { newId } from '../../ids.ts';
import type { Db } from '../../store/open-store.ts';
import { toInstant } from '../instant.ts';

interface Log {
  info(details: Record<string, unknown>, message: string): void;
  warn(details: Record<string, unknown>, message: string): void;
  error(details: Record<string, unknown>, message: string): void;
}

const FLUSH_AFTER_MS = 1000;
const BATCH = 200;
/** Attempts kept while the database cannot take them; beyond that they are in the log alone, and the log says so. */
const MOST_WAITING = 5000;
const LONGEST_TEXT = 300;

/** Every attempt to open a connection [UP6], never with its credential: written to the log at once and to the audit table in batches, off the path that answers them. */
export class SecurityLog {
  readonly #db: Db;
  /** Stamps the entries. */
  readonly #clock: Pick<Clock, 'now'>;
  readonly #machine: Clock;
  readonly #log: Log;
  #waiting: { readonly at: string; readonly attempt: SecurityEntry }[] = [];
  #cancel: Cancel | undefined;
  #writing: Promise<void> = Promise.resolve();
  #lost = 0;

  constructor(db: Db, clocks: { readonly library: Pick<Clock, 'now'>; readonly machine: Clock }, log: Log) {
    this.#db = db;
    this.#clock = clocks.library;
    this.#machine = clocks.machine;
    this.#log = log;
  }

  record(attempt: SecurityEntry): void {
    const { address, origin, userAgent, userId, outcome, reason, transport } = attempt;
    this.#log.info({ address, origin, userAgent: userAgent?.slice(0, LONGEST_TEXT), userId, outcome, reason, transport }, 'connection attempt');
    if (this.#waiting.length >= MOST_WAITING) this.#lost++;
    else this.#waiting.push({ at: toInstant(this.#clock.now()), attempt });
    this.#cancel ??= this.#machine.setTimer(FLUSH_AFTER_MS, () => {
      this.#cancel = undefined;
      void this.flush();
    });
  }

  /** Resolves when everything recorded so far is in the database, or is known to have failed. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async close(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    await this.flush();
  }

  async #write(): Promise<void> {
    if (this.#lost > 0) {
      this.#log.warn({ attempts: this.#lost }, 'more connection attempts than the audit could take; they are in this log only');
      this.#lost = 0;
    }
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, BATCH);
      try {
        await this.#db.insertInto('audit').values(batch.map(auditRow)).execute();
      } catch (error) {
        this.#log.error({ err: error, waiting: this.#waiting.length }, 'connection attempts could not be written; the next one tries again');
        return;
      }
      this.#waiting.splice(0, batch.length);
    }
  }
}

function auditRow({ at, attempt }: { at: string; attempt: SecurityEntry }) {
  const { address, origin, userAgent, userId, outcome, reason, transport } = attempt;
  return {
    id: newId('audit'), at, actorId: userId ?? 'unknown', actorName: '', action: 'WS_CONNECT', entity: 'connection', entityId: null, outcome: outcome === 'ACCEPTED' ? 'OK' : 'REFUSED',
    details: JSON.stringify({ origin: origin?.slice(0, LONGEST_TEXT), userAgent: userAgent?.slice(0, LONGEST_TEXT), reason: reason.slice(0, LONGEST_TEXT), transport }), address,
  };
}
