import type { ClientEnvelope, ServerEnvelope, ServerMessageData } from '@clms/protocol';
import { backoffMs } from './backoff.ts';
import { noTimer, type Cancel } from './clock.ts';
import { afterClose, speaksAgainstTransport } from './close-policy.ts';
import { isConnected, type ConnectionState, type TransportKind } from './connection-state.ts';
import type { Environment } from './environment.ts';
import type { Link, LinkEvents, ServerLimits } from './link.ts';
import { Session } from './session.ts';
import { sessionSink } from './session-sink.ts';
import { subjectOf, TokenKeeper, type GetToken } from './token-keeper.ts';
import { RETURN_EVERY_MS, TransportLadder } from './transport-ladder.ts';
import type { Transport, TransportEnd, TransportRequest } from './transport.ts';

/** A connection that lasts this long was no accident: the next failure starts from the shortest wait again [CL2]. */
const STABLE_AFTER_MS = 5_000;
/** Wake signals come to all devices of a room at once (the access point is back): spread them [CL3]. */
const WAKE_SPREAD_MS = 1_000;

export type TransportOpeners = Partial<Record<TransportKind, (request: TransportRequest) => Transport>>;

export interface ConnectionOptions {
  readonly env: Environment;
  readonly getToken: GetToken;
  readonly openers: TransportOpeners;
  /** Those in use; default all. */
  readonly transports?: readonly TransportKind[];
  readonly wanted: TransportRequest['wanted'];
}

/** A connection of this client's own: keeps one way to the server open, for as long as the application wants it. */
export class Connection implements Link {
  state: ConnectionState = { state: 'idle' };
  limits: ServerLimits | undefined;
  readonly #options: ConnectionOptions;
  readonly #env: Environment;
  readonly #events: LinkEvents;
  readonly #tokens: TokenKeeper;
  readonly #ladder: TransportLadder;
  /** Raised by whatever makes an attempt under way pointless; an attempt goes on only under the number it began with. */
  #attempt = 0;
  #failures = 0;
  /** Why the next attempt asks for a token. */
  #askFor: 'connect' | 'expiring' = 'connect';
  #stable = false;
  #session: Session | undefined;
  /** A WebSocket being tried while a fallback works [CL7]. */
  #candidate: Session | undefined;
  #cancelRetry: Cancel = noTimer;
  #cancelStable: Cancel = noTimer;
  #cancelReturn: Cancel = noTimer;
  #stopListening: Cancel = noTimer;

  constructor(options: ConnectionOptions, events: LinkEvents) {
    this.#options = options;
    this.#env = options.env;
    this.#events = events;
    this.#tokens = new TokenKeeper(options.getToken);
    this.#ladder = new TransportLadder((['ws', 'sse', 'poll'] as const).filter((kind) => options.openers[kind] && (options.transports?.includes(kind) ?? true)));
  }

  /** Connects, or tries at once if it is waiting or needs a token. */
  start(): void {
    if (isConnected(this.state) || this.state.state === 'connecting') return;
    this.#stopListening();
    this.#stopListening = this.#env.onWake(() => this.wake());
    void this.#connect();
  }

  close(reason: string): void {
    if (this.state.state === 'closed') return;
    this.#abandon();
    this.#stopListening();
    this.#setState({ state: 'closed', reason });
  }

  /** Starts over with a new token, for instance after another user signed in. */
  restart(): void {
    this.#abandon();
    this.#failures = 0;
    void this.#connect();
  }

  /** False = not now: the caller keeps the message. */
  send(message: ClientEnvelope): boolean {
    return this.#session?.send(message) ?? false;
  }

  caughtUp(): void {
    if (this.state.state === 'catching_up') this.#setState({ ...this.state, state: 'live' });
  }

  settled(): void {}

  /** Somebody looks at the page again, or the network is back. */
  wake(): void {
    if (isConnected(this.state)) return this.#session?.wake();
    if (this.state.state !== 'waiting') return;
    const soonMs = this.#env.random() * WAKE_SPREAD_MS;
    if (this.#env.now() + soonMs >= this.state.nextAttemptAt) return;
    this.#retryIn(soonMs, this.state);
  }

  async #connect(): Promise<void> {
    const attempt = ++this.#attempt;
    this.#cancelRetry();
    const transport = this.#ladder.next(this.#env.now());
    this.#setState({ state: 'connecting', transport, attempt: this.#failures + 1 });
    let token: string | null;
    try {
      token = await this.#tokens.get(this.#askFor);
      this.#askFor = 'connect';
    } catch (error) {
      if (attempt === this.#attempt) this.#wait(`no token: ${String(error)}`, 0);
      return;
    }
    if (attempt !== this.#attempt) return;
    if (token === null) return this.#setState({ state: 'needs_auth', reason: 'no valid token' });
    const subject = subjectOf(token);
    if (subject !== undefined) this.#events.onIdentity(subject, 'token');
    this.#session = this.#open(transport, token);
  }

  #open(kind: TransportKind, token: string): Session | undefined {
    try {
      const session: Session = new Session(
        this.#env,
        token,
        kind,
        (events) => this.#options.openers[kind]!({ token, events, wanted: this.#options.wanted }),
        {
          onReady: (welcome) => this.#ready(session, welcome),
          onFrame: (frame) => this.#frame(session, frame),
          onPong: this.#events.onPong,
          onMalformed: (text) => this.#events.onProblem(`not a frame: ${text.slice(0, 100)}`),
          onEnd: (end, ready) => this.#ended(session, end, ready),
        },
      );
      return session;
    } catch (error) {
      this.#ladder.failed(kind);
      this.#events.onProblem(`cannot open ${kind}: ${String(error)}`);
      if (!this.#session?.ready) this.#wait('cannot open', 0);
      return undefined;
    }
  }

  #ready(session: Session, welcome: ServerMessageData<'welcome'> | undefined): void {
    if (session === this.#candidate) this.#adoptCandidate(session);
    if (session !== this.#session) return;
    const returnMs = this.#ladder.welcomed(session.kind);
    if (welcome) {
      this.limits = welcome.limits;
      this.#events.onIdentity(`${welcome.userId} ${welcome.role}`, 'welcome');
    }
    this.#setState({ state: 'catching_up', transport: session.kind, connectedAt: this.#env.now() });
    this.#stable = false;
    this.#cancelStable = this.#env.setTimer(STABLE_AFTER_MS, () => {
      this.#stable = true;
      this.#failures = 0;
    });
    if (returnMs !== undefined) this.#scheduleReturn(returnMs);
    this.#events.onConnected(sessionSink(session, this.#env.newId));
  }

  #frame(session: Session, frame: ServerEnvelope): void {
    if (session !== this.#session) return;
    if (frame.type === 'token_expiring') void this.#refresh(session);
    this.#events.onFrame(frame);
    // Another role sees other things: what was taken in so far is no base to go on from.
    if (frame.type === 'authenticated' && (frame.data as ServerMessageData<'authenticated'>).role !== session.role) {
      // Unasked: somebody else changed the role, and the token at hand is of the old one.
      if (frame.replyTo === undefined) this.#askFor = 'expiring';
      this.restart();
    }
  }

  /** A new token over the open connection, so that no event falls into the gap of a reconnect. */
  async #refresh(session: Session): Promise<void> {
    try {
      const token = await this.#tokens.get('expiring');
      if (token === null || session !== this.#session) return;
      if (session.send({ type: 'authenticate', id: this.#env.newId(), data: { token } })) return;
      // Read-only ways carry the token in their request.
      if (session.kind !== 'ws') this.restart();
    } catch (error) {
      // The old token still counts for a while; when the server ends it, connecting asks again.
      this.#events.onProblem(`token not renewed: ${String(error)}`);
    }
  }

  #ended(session: Session, end: TransportEnd, ready: boolean): void {
    if (session === this.#candidate) {
      this.#candidate = undefined;
      this.#scheduleReturn();
      return;
    }
    if (session !== this.#session) return;
    this.#session = undefined;
    this.#cancelStable();
    this.#cancelReturn();
    this.#candidate?.close();
    this.#candidate = undefined;
    if (!ready && speaksAgainstTransport(end)) this.#ladder.failed(session.kind);
    if (ready) this.#events.onLost();
    const next = afterClose(end, session.advisedMs, this.#env.random());
    if (next.kind === 'stop') return this.close(end.reason || 'not allowed for this role');
    if (next.kind === 'new_token') {
      this.#tokens.reject(session.token);
      if (ready && this.#stable) return void this.#connect();
      return this.#wait('token refused', 0);
    }
    if (next.misuse) this.#events.onProblem(`closed with ${end.code}: ${end.reason}`);
    this.#wait(end.reason || `closed with ${end.code}`, next.atLeastMs);
  }

  #wait(reason: string, atLeastMs: number): void {
    this.#failures++;
    const delayMs = backoffMs(this.#env, this.#failures, atLeastMs);
    this.#retryIn(delayMs, { attempt: this.#failures, reason });
  }

  #retryIn(delayMs: number, why: { readonly attempt: number; readonly reason: string }): void {
    this.#setState({ ...why, state: 'waiting', nextAttemptAt: this.#env.now() + delayMs });
    this.#cancelRetry();
    this.#cancelRetry = this.#env.setTimer(delayMs, () => void this.#connect());
  }

  #scheduleReturn(afterMs = RETURN_EVERY_MS): void {
    this.#cancelReturn();
    this.#cancelReturn = this.#env.setTimer(afterMs, async () => {
      const fallback = this.#session;
      if (!fallback) return;
      const token = await this.#tokens.get('connect').catch(() => null);
      if (fallback !== this.#session) return;
      if (token === null) return this.#scheduleReturn();
      this.#candidate = this.#open('ws', token);
      if (!this.#candidate) this.#scheduleReturn();
    });
  }

  /** The WebSocket works again: it takes over, and its subscriptions start from the positions reached so far. */
  #adoptCandidate(session: Session): void {
    this.#session?.close();
    this.#session = session;
    this.#candidate = undefined;
    this.#cancelStable();
    this.#events.onLost();
  }

  #abandon(): void {
    const connected = isConnected(this.state);
    this.#attempt++;
    this.#cancelRetry();
    this.#cancelStable();
    this.#cancelReturn();
    this.#session?.close();
    this.#candidate?.close();
    this.#session = this.#candidate = undefined;
    if (connected) this.#events.onLost();
  }

  #setState(state: ConnectionState): void {
    this.state = state;
    this.#events.onState(state);
  }
}
