import type { Cancel, Clock } from './clock.ts';
import type { Identity } from './identity.ts';

/** What one user is seen doing, over all tabs and nodes [CHT2]. */
export interface PresenceState {
  readonly userId: string;
  readonly username: string;
  readonly state: 'active' | 'away' | 'left';
  readonly page?: string;
  readonly editing?: string;
}

/** What one connection says of itself. */
export interface PresenceReport {
  readonly state: 'active' | 'away';
  readonly page?: string;
  readonly editing?: string;
}

/** News for the other nodes. */
export type PresenceSignal = { readonly kind: 'presence'; readonly nodeId: string; readonly clientId: string; readonly userId: string; readonly username: string; readonly report: PresenceReport | null };

/** A tab that reloads is not somebody who left. */
export const LEFT_AFTER_MS = 15_000;
/** Nodes repeat what they know; what a silent node knew is forgotten. */
const REPEAT_EVERY_MS = 20_000;
/** With the 15 s above, the users of a dead node are gone well within a minute; whose repeat was lost once is back before they are over. */
const NODE_SILENT_AFTER_MS = 35_000;
/** Users followed at once; beyond, the newcomer is not shown. */
const MOST_USERS = 10_000;

interface Tab {
  readonly nodeId: string;
  report: PresenceReport;
  seenMs: number;
}

interface User {
  readonly username: string;
  readonly tabs: Map<string, Tab>;
  told: PresenceState;
  cancelLeft: Cancel | undefined;
}

export interface PresenceOptions {
  readonly clock: Clock;
  readonly nodeId: string;
  /** A user's state over all tabs has changed. Called on every node; publishing it is for the node whose client caused it. */
  onChange(state: PresenceState, mine: boolean): void;
  /** Tells the other nodes. */
  signal(signal: PresenceSignal): void;
}

/** Who is here, by user: joined with the first tab, left 15 s after the last, gone within a minute when a node dies. */
export class Presence {
  readonly #options: PresenceOptions;
  readonly #users = new Map<string, User>();
  #repeatedMs: number;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#repeatedMs = options.clock.now();
  }

  /** A connection of this node says what it is doing, or (null) has gone. */
  report(clientId: string, identity: Pick<Identity, 'userId' | 'username'>, report: PresenceReport | null): void {
    const signal: PresenceSignal = { kind: 'presence', nodeId: this.#options.nodeId, clientId, userId: identity.userId, username: identity.username, report };
    this.#apply(signal, true);
    this.#options.signal(signal);
  }

  /** News of another node. */
  receive(signal: PresenceSignal): void {
    if (signal.nodeId !== this.#options.nodeId) this.#apply(signal, false);
  }

  list(): PresenceState[] {
    return [...this.#users.values()].map(({ told }) => told);
  }

  /** Looked at once a second: repeats for the others, forgets silent nodes. */
  sweep(): void {
    const { clock, nodeId, signal } = this.#options;
    const now = clock.now();
    const repeat = now - this.#repeatedMs >= REPEAT_EVERY_MS;
    if (repeat) this.#repeatedMs = now;
    for (const [userId, user] of this.#users) {
      for (const [clientId, tab] of user.tabs) {
        if (tab.nodeId === nodeId) {
          if (repeat) signal({ kind: 'presence', nodeId, clientId, userId, username: user.username, report: tab.report });
        } else if (now - tab.seenMs > NODE_SILENT_AFTER_MS) {
          user.tabs.delete(clientId);
          this.#tell(userId, user, true);
        }
      }
    }
  }

  close(): void {
    for (const user of this.#users.values()) user.cancelLeft?.();
    this.#users.clear();
  }

  #apply({ nodeId, clientId, userId, username, report }: PresenceSignal, mine: boolean): void {
    let user = this.#users.get(userId);
    if (report === null) {
      if (!user?.tabs.delete(clientId)) return;
    } else {
      if (!user) {
        if (this.#users.size >= MOST_USERS) return;
        user = { username, tabs: new Map(), told: { userId, username, state: 'left' }, cancelLeft: undefined };
        this.#users.set(userId, user);
      }
      user.tabs.set(clientId, { nodeId, report, seenMs: this.#options.clock.now() });
    }
    this.#tell(userId, user, mine);
  }

  #tell(userId: string, user: User, mine: boolean): void {
    if (user.tabs.size === 0) {
      user.cancelLeft ??= this.#options.clock.setTimer(LEFT_AFTER_MS, () => {
        this.#users.delete(userId);
        this.#options.onChange({ userId, username: user.username, state: 'left' }, mine);
      });
      return;
    }
    user.cancelLeft?.();
    user.cancelLeft = undefined;
    const state = combined(userId, user);
    if (JSON.stringify(state) === JSON.stringify(user.told)) return;
    user.told = state;
    this.#options.onChange(state, mine);
  }
}

/** Active if any tab is; page and editing from the active tab that spoke last, what is edited before what is only looked at. */
function combined(userId: string, { username, tabs }: User): PresenceState {
  const byTime = [...tabs.values()].toSorted((a, b) => b.seenMs - a.seenMs);
  const active = byTime.filter((tab) => tab.report.state === 'active');
  const shown = active.find((tab) => tab.report.editing !== undefined) ?? active[0] ?? byTime[0]!;
  const { page, editing } = shown.report;
  return { userId, username, state: active.length > 0 ? 'active' : 'away', ...(page !== undefined && { page }), ...(editing !== undefined && { editing }) };
}
