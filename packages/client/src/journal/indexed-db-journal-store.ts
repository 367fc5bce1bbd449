import { answered, finished } from '../indexed-db.ts';
import { isKept, type Action, type KeptAction } from './action.ts';
import { DONE_SHOWN, JournalFullError, KEPT_LIMIT, type JournalStore } from './journal-store.ts';

const ACTIONS = 'actions';
const LANES = 'lanes';
/** By workstation and sequence. */
const IN_ORDER = 'in_order';
/** The same, of kept commands only: the rest have no `keptIn`. */
const KEPT = 'kept';

interface LaneRow {
  readonly workstation: string;
  readonly lastSequence: number;
  readonly holder?: string;
  readonly untilMs?: number;
}

type Row = Action & { readonly keptIn?: string };

/** A journal in the browser's database: it survives a reload and a power cut, and all tabs of the origin see it. */
export class IndexedDbJournalStore implements JournalStore {
  readonly durable = true;
  readonly #db: IDBDatabase;

  private constructor(db: IDBDatabase) {
    this.#db = db;
  }

  /** Throws where the browser forbids storing. */
  static async open(factory: IDBFactory, name: string): Promise<IndexedDbJournalStore> {
    const request = factory.open(name, 1);
    request.addEventListener('upgradeneeded', () => {
      const actions = request.result.createObjectStore(ACTIONS, { keyPath: 'id' });
      actions.createIndex(IN_ORDER, ['workstation', 'sequence']);
      actions.createIndex(KEPT, ['keptIn', 'sequence']);
      request.result.createObjectStore(LANES, { keyPath: 'workstation' });
    });
    return new IndexedDbJournalStore(await answered(request));
  }

  add(action: Omit<Action, 'sequence'>): Promise<Action> {
    return this.#write([ACTIONS, LANES], async (tx) => {
      const actions = tx.objectStore(ACTIONS);
      if ((await answered(actions.index(KEPT).count())) >= KEPT_LIMIT) throw new JournalFullError(`${KEPT_LIMIT} commands are waiting`);
      const lane = await this.#lane(tx, action.workstation);
      const added = { ...action, sequence: lane.lastSequence + 1 };
      tx.objectStore(LANES).put({ ...lane, lastSequence: added.sequence });
      actions.add(row(added));
      return added;
    });
  }

  put(action: Action): Promise<void> {
    return this.#write([ACTIONS], async (tx) => {
      const actions = tx.objectStore(ACTIONS);
      actions.put(row(action));
      if (isKept(action)) return;
      const lane = await answered<Row[]>(actions.index(IN_ORDER).getAll(inLane(action.workstation)));
      const done = lane.filter((one) => !isKept(one));
      for (const { id } of done.slice(0, Math.max(0, done.length - DONE_SHOWN))) actions.delete(id);
    });
  }

  async oldestKept(workstation: string): Promise<KeptAction | undefined> {
    const [oldest] = await answered<Row[]>(this.#db.transaction(ACTIONS).objectStore(ACTIONS).index(KEPT).getAll(inLane(workstation), 1));
    return oldest && (withoutIndex(oldest) as KeptAction);
  }

  async all(): Promise<Action[]> {
    return (await answered<Row[]>(this.#db.transaction(ACTIONS).objectStore(ACTIONS).index(IN_ORDER).getAll())).map(withoutIndex);
  }

  lease(workstation: string, holder: string, nowMs: number, untilMs: number): Promise<boolean> {
    return this.#write([LANES], async (tx) => {
      const lane = await this.#lane(tx, workstation);
      if (lane.holder !== undefined && lane.holder !== holder && (lane.untilMs ?? 0) > nowMs) return false;
      tx.objectStore(LANES).put({ ...lane, holder, untilMs });
      return true;
    });
  }

  release(workstation: string, holder: string): Promise<void> {
    return this.#write([LANES], async (tx) => {
      const lane = await this.#lane(tx, workstation);
      if (lane.holder === holder) tx.objectStore(LANES).put({ workstation, lastSequence: lane.lastSequence });
    });
  }

  async close(): Promise<void> {
    this.#db.close();
  }

  async #lane(tx: IDBTransaction, workstation: string): Promise<LaneRow> {
    return (await answered<LaneRow | undefined>(tx.objectStore(LANES).get(workstation))) ?? { workstation, lastSequence: 0 };
  }

  /** One transaction; resolves when it is on the disk, not merely in the browser's memory: schools have power cuts. */
  async #write<V>(stores: string[], run: (tx: IDBTransaction) => Promise<V>): Promise<V> {
    const tx = this.#db.transaction(stores, 'readwrite', { durability: 'strict' });
    const complete = finished(tx);
    try {
      const value = await run(tx);
      await complete;
      return value;
    } catch (error) {
      complete.catch(() => {}); // Its reason is `error`, which is thrown.
      abort(tx);
      throw error;
    }
  }
}

/** A transaction that failed by itself is over already, and cannot be aborted again. */
function abort(tx: IDBTransaction): void {
  if (tx.error === null) tx.abort();
}

function row(action: Action): Row {
  return isKept(action) ? { ...action, keptIn: action.workstation } : action;
}

function withoutIndex(stored: Row): Action {
  const { keptIn: _keptIn, ...action } = stored;
  return action;
}

const inLane = (workstation: string): IDBKeyRange => IDBKeyRange.bound([workstation, 0], [workstation, Number.MAX_SAFE_INTEGER]);
