import { isKept, type Action, type KeptAction } from './action.ts';
import { DONE_SHOWN, JournalFullError, KEPT_LIMIT, type JournalStore } from './journal-store.ts';

interface Lane {
  lastSequence: number;
  lease: { readonly holder: string; readonly untilMs: number } | undefined;
  readonly actions: Map<string, Action>;
}

/** A journal that lasts as long as the program: for pages and workers that may not store, and Node programs that name no file. */
export class MemoryJournalStore implements JournalStore {
  readonly durable = false;
  readonly #lanes = new Map<string, Lane>();

  async add(action: Omit<Action, 'sequence'>): Promise<Action> {
    const added = this.numbered(action);
    this.take(added);
    return added;
  }

  async put(action: Action): Promise<void> {
    this.take(action);
  }

  /** The command with the next number of its workstation, not kept yet. Throws `JournalFullError` at the limit. */
  numbered(action: Omit<Action, 'sequence'>): Action {
    if (this.#inOrder().filter(isKept).length >= KEPT_LIMIT) throw new JournalFullError(`${KEPT_LIMIT} commands are waiting`);
    return { ...action, sequence: this.#lane(action.workstation).lastSequence + 1 };
  }

  /** Keeps a numbered command, or its next state. */
  take(action: Action): void {
    const lane = this.#lane(action.workstation);
    lane.lastSequence = Math.max(lane.lastSequence, action.sequence);
    lane.actions.set(action.id, action);
    if (isKept(action)) return;
    const done = [...lane.actions.values()].filter((one) => !isKept(one));
    for (const { id } of done.slice(0, Math.max(0, done.length - DONE_SHOWN))) lane.actions.delete(id);
  }

  async oldestKept(workstation: string): Promise<KeptAction | undefined> {
    return [...this.#lane(workstation).actions.values()].find(isKept);
  }

  async all(): Promise<Action[]> {
    return this.#inOrder();
  }

  async lease(workstation: string, holder: string, nowMs: number, untilMs: number): Promise<boolean> {
    const lane = this.#lane(workstation);
    if (lane.lease && lane.lease.holder !== holder && lane.lease.untilMs > nowMs) return false;
    lane.lease = { holder, untilMs };
    return true;
  }

  async release(workstation: string, holder: string): Promise<void> {
    const lane = this.#lane(workstation);
    if (lane.lease?.holder === holder) lane.lease = undefined;
  }

  async close(): Promise<void> {}

  #inOrder(): Action[] {
    const lanes = [...this.#lanes].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return lanes.flatMap(([, { actions }]) => Array.from(actions.values()));
  }

  #lane(workstation: string): Lane {
    const lane = this.#lanes.get(workstation) ?? { lastSequence: 0, lease: undefined, actions: new Map() };
    this.#lanes.set(workstation, lane);
    return lane;
  }
}
