import { resolve } from 'node:path';
import type { Action, KeptAction } from '../journal/action.ts';
import type { JournalStore } from '../journal/journal-store.ts';
import { MemoryJournalStore } from '../journal/memory-journal-store.ts';
import { claimFile } from './file-lock.ts';
import { JournalLog } from './journal-log.ts';

/** Lines beyond those in use after which the file is written anew: some hundred kilobytes. */
const SPARE_LINES = 1_000;

/** A journal in a file: it survives the end of the program and a power cut. One program at a time has it open. */
export class FileJournalStore implements JournalStore {
  readonly durable = true;
  readonly #memory: MemoryJournalStore;
  readonly #log: JournalLog;
  readonly #unclaim: () => void;
  /** Writes go one after another; what is in memory is on the disk. */
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(memory: MemoryJournalStore, log: JournalLog, unclaim: () => void) {
    this.#memory = memory;
    this.#log = log;
    this.#unclaim = unclaim;
  }

  /**
   * Opens a journal file, made if need be in a folder that is there. `now` is milliseconds since the epoch. Throws `JournalInUseError`
   * while another program has it open, `JournalDamagedError` when it holds what no crash leaves behind.
   */
  static async open(file: string, now: number): Promise<FileJournalStore> {
    const path = resolve(file);
    const unclaim = claimFile(path, now);
    try {
      const memory = new MemoryJournalStore();
      return new FileJournalStore(memory, await JournalLog.open(path, (action) => memory.take(action)), unclaim);
    } catch (error) {
      unclaim();
      throw error;
    }
  }

  add(action: Omit<Action, 'sequence'>): Promise<Action> {
    return this.#inTurn(async () => {
      const added = this.#memory.numbered(action);
      await this.#log.append(added);
      this.#memory.take(added);
      return added;
    });
  }

  put(action: Action): Promise<void> {
    return this.#inTurn(async () => {
      await this.#log.append(action);
      this.#memory.take(action);
      const all = await this.#memory.all();
      if (this.#log.lines > 2 * all.length + SPARE_LINES) await this.#log.rewrite(all);
    });
  }

  oldestKept(workstation: string): Promise<KeptAction | undefined> {
    return this.#memory.oldestKept(workstation);
  }

  all(): Promise<Action[]> {
    return this.#memory.all();
  }

  /** Rights last as long as the program, which has the file for itself. */
  lease(workstation: string, holder: string, nowMs: number, untilMs: number): Promise<boolean> {
    return this.#memory.lease(workstation, holder, nowMs, untilMs);
  }

  release(workstation: string, holder: string): Promise<void> {
    return this.#memory.release(workstation, holder);
  }

  /** What was handed in before is still written; then another program may have the file. */
  async close(): Promise<void> {
    if (!this.#closed) this.#last = this.#last.then(() => this.#log.close()).finally(this.#unclaim);
    this.#closed = true;
    await this.#last;
  }

  #inTurn<V>(run: () => Promise<V>): Promise<V> {
    if (this.#closed) return Promise.reject(new Error('The journal is closed'));
    const turn = this.#last.then(run);
    // The next write does not fail because this one did; who asked for this one hears of it.
    this.#last = turn.catch(() => {});
    return turn;
  }
}
