import { backoffMs } from '../backoff.ts';
import type { Cancel } from '../clock.ts';
import { Emitter } from '../emitter.ts';
import type { ChannelLike, Environment } from '../environment.ts';
import type { TokenKeeper } from '../token-keeper.ts';
import { isKept, type Action, type ActionOutcome, type ActionRequest, type KeptAction } from './action.ts';
import { ActionSender } from './action-sender.ts';
import type { JournalStore } from './journal-store.ts';
import { laneLock, type LaneLock } from './lane-lock.ts';

/** The server remembers keys for 24 h; later the same command could be done twice. */
const KEY_REMEMBERED_MS = 24 * 3_600_000;
/** A command that surely never reached the server may wait over a weekend and a holiday. */
const UNSENT_KEPT_MS = 7 * 24 * 3_600_000;
/** While another tab sends, or nobody is signed in. */
const LOOK_AGAIN_MS = 5_000;

export interface ActionJournalParts {
  readonly env: Environment;
  readonly store: JournalStore;
  readonly tokens: TokenKeeper;
  /** Origin of the HTTP API, without a slash at the end. */
  readonly baseUrl: string;
  /** Names the tabs' channel and locks; journals of one name are one journal. */
  readonly name: string;
}

/**
 * Commands of a desk on their way to the server. A recorded command is safe: it survives what its store survives, is sent in order of
 * its workstation by one tab at a time, and ends visibly as applied, duplicate, conflict or expired.
 */
export class ActionJournal {
  readonly #env: Environment;
  readonly #store: JournalStore;
  readonly #sender: ActionSender;
  readonly #lock: LaneLock;
  readonly #channel: ChannelLike | undefined;
  readonly #changes: Emitter<readonly Action[]>;
  /** Workstations being sent for; true = something came up meanwhile, so look once more. */
  readonly #running = new Map<string, boolean>();
  /** When to look again, by workstation. */
  readonly #timers = new Map<string, Cancel>();
  #actions: readonly Action[] = [];
  #stopListening: () => void = () => {};
  #state: 'new' | 'open' | 'closed' = 'new';

  constructor({ env, store, tokens, baseUrl, name }: ActionJournalParts) {
    this.#env = env;
    this.#store = store;
    this.#sender = new ActionSender(env, baseUrl, tokens);
    this.#lock = laneLock(env, store, name);
    this.#channel = env.openChannel?.(name);
    this.#channel?.listen(() => void this.#reload());
    this.#changes = new Emitter(env);
  }

  /** Whether the journal outlives the page. */
  get durable(): boolean {
    return this.#store.durable;
  }

  /** Begins to send, with what an earlier page left behind first. */
  async start(): Promise<void> {
    if (this.#state !== 'new') return;
    this.#state = 'open';
    this.#stopListening = this.#env.onWake(() => this.#drainAll(true));
    await this.#reload();
  }

  /** Stops sending; what is kept waits for the next page or run. Resolves when the store may be opened again. */
  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#stopListening();
    for (const cancel of this.#timers.values()) cancel();
    this.#channel?.close();
    await this.#store.close();
  }

  /** Keeps a command; once this resolves it will not be lost. Rejects if it could not be kept: then nothing will be sent. */
  async record(workstation: string, request: ActionRequest): Promise<Action> {
    const now = this.#env.now();
    const action = await this.#store.add({
      id: this.#env.newId(),
      workstation,
      method: request.method,
      path: request.path,
      ...(request.body && { body: request.body }),
      stamped: request.stamped ?? false,
      scannedAt: request.scannedAt ?? now,
      progress: { state: 'kept', attempts: 0, nextAttemptAt: now },
    });
    this.#show(action);
    this.#drainAll();
    return action;
  }

  /** The end of a recorded command. */
  outcome(id: string): Promise<ActionOutcome> {
    return new Promise((resolve) => {
      const look = (actions: readonly Action[]): boolean => {
        const progress = actions.find((action) => action.id === id)?.progress;
        if (progress?.state === 'done') resolve(progress.outcome);
        return progress?.state === 'done';
      };
      if (look(this.#actions)) return;
      const stop = this.#changes.on((actions) => {
        if (look(actions)) stop();
      });
    });
  }

  /** Tries kept commands now: after signing in, or when the user asks. */
  retryNow(): void {
    this.#drainAll(true);
  }

  readonly subscribe = (listener: () => void): (() => void) => this.#changes.on(listener);
  /** Kept commands and the last finished ones, in order. The same array until something changed. */
  readonly getSnapshot = (): readonly Action[] => this.#actions;

  async #reload(): Promise<void> {
    if (this.#state !== 'open') return;
    this.#actions = await this.#store.all();
    this.#changes.emit(this.#actions);
    this.#drainAll();
  }

  /** Puts a command's new state into the list, and tells the other tabs. */
  #show(action: Action): void {
    const at = this.#actions.findIndex(({ id }) => id === action.id);
    this.#actions = at >= 0 ? this.#actions.with(at, action) : [...this.#actions, action];
    this.#changes.emit(this.#actions);
    this.#channel?.post('changed');
  }

  #drainAll(evenIfEarly = false): void {
    for (const workstation of new Set(this.#actions.filter(isKept).map((action) => action.workstation))) void this.#drain(workstation, evenIfEarly);
  }

  async #drain(workstation: string, evenIfEarly: boolean): Promise<void> {
    if (this.#state !== 'open') return;
    if (this.#running.has(workstation)) {
      this.#running.set(workstation, true);
      return;
    }
    this.#running.set(workstation, false);
    this.#timers.get(workstation)?.();
    let lookAgainMs: number | undefined;
    try {
      const held = await this.#lock.hold(workstation, async (renew) => {
        lookAgainMs = await this.#sendInOrder(workstation, evenIfEarly, renew);
      });
      if (!held) lookAgainMs = LOOK_AGAIN_MS;
    } catch (error) {
      // Closed under a request on its way: the next page makes the request again, with the same key.
      if (this.#state === 'open') this.#env.log('error', 'The journal could not be worked on', error);
      lookAgainMs = LOOK_AGAIN_MS;
    }
    if (this.#running.get(workstation)) lookAgainMs ??= 0;
    this.#running.delete(workstation);
    if (lookAgainMs === undefined || this.#state !== 'open') return;
    this.#timers.set(workstation, this.#env.setTimer(lookAgainMs, () => void this.#drain(workstation, false)));
  }

  /** Sends one after another; undefined = nothing is left, else when to look again. */
  async #sendInOrder(workstation: string, evenIfEarly: boolean, renew: () => Promise<boolean>): Promise<number | undefined> {
    let early = evenIfEarly;
    while (this.#state === 'open') {
      if (!(await renew())) return LOOK_AGAIN_MS;
      const action = await this.#store.oldestKept(workstation);
      if (!action) return undefined;
      const waitMs = action.progress.nextAttemptAt - this.#env.now();
      if (waitMs > 0 && !early) return waitMs;
      early = false;
      const next = await this.#attempt(action);
      if (!next) return LOOK_AGAIN_MS;
      await this.#store.put(next);
      this.#show(next);
    }
    return undefined;
  }

  /** The command after one attempt; undefined = nobody is signed in, so there was none. */
  async #attempt(action: KeptAction): Promise<Action | undefined> {
    const now = this.#env.now();
    const { firstAttemptAt } = action.progress;
    const expired = firstAttemptAt === undefined ? now - action.scannedAt >= UNSENT_KEPT_MS : now - firstAttemptAt >= KEY_REMEMBERED_MS;
    if (expired) return done(action, now, { kind: 'expired' });
    // Noted before sending: should this page die now, the next one has to assume that the server got it.
    const trying: KeptAction = { ...action, progress: { ...action.progress, firstAttemptAt: firstAttemptAt ?? now } };
    await this.#store.put(trying);
    try {
      const verdict = await this.#sender.send(trying);
      if (verdict.kind === 'done') return done(action, this.#env.now(), verdict.outcome);
      if (verdict.kind === 'retry') return this.#retried(trying, verdict.problem, verdict.afterMs);
      await this.#store.put(action);
      return undefined;
    } catch (error) {
      return this.#retried(trying, String(error), 0);
    }
  }

  #retried(action: KeptAction, problem: string, afterMs: number): Action {
    const attempts = action.progress.attempts + 1;
    const delayMs = backoffMs(this.#env, attempts, afterMs);
    return { ...action, progress: { ...action.progress, attempts, problem, nextAttemptAt: this.#env.now() + delayMs } };
  }
}

function done(action: Action, doneAt: number, outcome: ActionOutcome): Action {
  return { ...action, progress: { state: 'done', doneAt, outcome } };
}
