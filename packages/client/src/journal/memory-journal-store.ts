import { isKept, type Action, type KeptAction } from './action.ts';
import { DONE_SHOWN, JournalFullError, KEPT_LIMIT, type JournalStore } from './journal-store.ts';

interface Lane {
  lastSequence: number;
  lease: { readonly holder: string; readonly untilMs: number } | undefined;
  readonly actions: Map<string, Action>;
}

/** A journal that lasts as long as the program: for Node, workers, and pages that may not store. */
export class MemoryJournalStore implements JournalStore {
  readonly durable = false;
  readonly #lanes = new Map<string, Lane>();

  async add(action: Omit<Action, 'sequence'>): Promise<Action> {
    if ((await this.all()).filter(isKept).length >= KEPT_LIMIT) throw new JournalFullError(`${KEPT_LIMIT} commands are waiting`);
    const lane = this.#lane(action.workstation);
    const added = { ...action, sequence: ++lane.lastSequence };
    lane.actions.set(added.id, added);
    return added;
  }

  async put(action: Action): Promise<void> {
    const { actions } = this.#lane(action.workstation);
    actions.set(action.id, action);
    const done = [...actions.values()].filter((one) => !isKept(one));
    for (const { id } of done.slice(0, Math.max(0, done.length - DONE_SHOWN))) actions.delete(id);
  }

  async oldestKept(workstation: string): Promise<KeptAction | undefined> {
    return [...this.#lane(workstation).actions.values()].find(isKept);
  }

  async all(): Promise<Action[]> {
    const inOrder = [...this.#lanes].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return inOrder.flatMap(([, { actions }]) => Array.from(actions.values()));
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

  close(): void {}

  #lane(workstation: string): Lane {
    const lane = this.#lanes.get(workstation) ?? { lastSequence: 0, lease: undefined, actions: new Map() };
    this.#lanes.set(workstation, lane);
    return lane;
  }
}
