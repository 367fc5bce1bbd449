import { stretch } from './backoff.ts';
import { noTimer, type Cancel } from './clock.ts';
import type { Environment } from './environment.ts';

/** Proxies cut connections that are silent for 60 s; this stays under half of it [LIVE2]. */
const PING_EVERY_MS = 25_000;
/** However impatient the server is, more pings than this are a load of their own. */
const PING_AT_MOST_EVERY_MS = 1_000;
const ANSWER_WITHIN_MS = 10_000;
/** A user who just came back is looking: a dead connection must show soon. */
const ANSWER_WITHIN_ON_WAKE_MS = 5_000;
/** Timers of hidden pages fire as rarely as once a minute, which must not pass for silence of the server. */
const HIDDEN_SLACK_MS = 60_000;

export interface LivenessEvents {
  ping(): void;
  /** Nothing came for so long that the connection must be taken for dead. */
  dead(): void;
}

/**
 * Judges whether a WebSocket still lives. Silence is measured by elapsed time when it matters (on a tick, on waking, before sending),
 * never by the mere fact that a timer fired: after sleep it fires late [CL3].
 */
export class Liveness {
  readonly #env: Environment;
  readonly #events: LivenessEvents;
  readonly #pingEveryMs: number;
  readonly #silenceAllowedMs: number;
  #lastLifeAt: number;
  #cancelTick: Cancel = noTimer;
  #cancelDeadline: Cancel = noTimer;

  constructor(env: Environment, heartbeatIntervalMs: number, events: LivenessEvents) {
    this.#env = env;
    this.#events = events;
    // A server with a short heartbeat is asked as often: else its silence between two pings would pass for its death.
    this.#pingEveryMs = Math.min(PING_EVERY_MS, Math.max(PING_AT_MOST_EVERY_MS, heartbeatIntervalMs));
    this.#silenceAllowedMs = 2 * Math.max(heartbeatIntervalMs, this.#pingEveryMs);
    this.#lastLifeAt = env.now();
    this.#scheduleTick();
  }

  /** Something arrived. */
  sign(): void {
    this.#lastLifeAt = this.#env.now();
    this.#cancelDeadline();
  }

  /** Silent for longer than a living server ever is. */
  get expired(): boolean {
    const slackMs = this.#env.hidden() ? HIDDEN_SLACK_MS : 0;
    return this.#env.now() - this.#lastLifeAt >= this.#silenceAllowedMs * stretch(this.#env) + slackMs;
  }

  /** The user is back, or the network: find out soon. */
  verify(): void {
    this.#check(ANSWER_WITHIN_ON_WAKE_MS);
  }

  close(): void {
    this.#cancelTick();
    this.#cancelDeadline();
  }

  #check(withinMs: number): void {
    if (this.expired) return this.#events.dead();
    const pingedAt = this.#env.now();
    this.#events.ping();
    this.#cancelDeadline();
    this.#cancelDeadline = this.#env.setTimer(withinMs * stretch(this.#env), () => {
      // Fired much too late = the device slept or the page was throttled, and the answer may be waiting behind this very timer.
      const late = this.#env.now() - pingedAt > 2 * withinMs * stretch(this.#env);
      if (late && !this.expired) this.#check(withinMs);
      else this.#events.dead();
    });
  }

  #scheduleTick(): void {
    this.#cancelTick = this.#env.setTimer(this.#pingEveryMs * stretch(this.#env), () => {
      this.#scheduleTick();
      this.#check(ANSWER_WITHIN_MS);
    });
  }
}
