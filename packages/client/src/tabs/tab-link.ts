import type { ServerEnvelope } from '@clms/protocol';
import { noTimer, type Cancel } from '../clock.ts';
import type { Connection } from '../connection.ts';
import { isConnected, type ConnectionState } from '../connection-state.ts';
import type { ChannelLike, Environment } from '../environment.ts';
import { Leadership } from './leadership.ts';
import type { Link, LinkEvents, ServerLimits } from '../link.ts';
import type { QueuedMessage } from '../send-queue.ts';
import type { SubscriptionSink } from '../topic-hub.ts';
import type { FromLeader, TabMessage, ToLeader, Welcome } from './tab-messages.ts';
import { TabServer, tabLock, type TabServerParts } from './tab-server.ts';

/** A leader answers a greeting at once; one that does not is frozen by its browser, and its place is taken. */
const LEADER_ANSWERS_WITHIN_MS = 3_000;
/** The leader's pings make news at least this often; greet it if there was none. */
const LEADER_NEWS_EVERY_MS = 35_000;

export interface TabLinkParts extends TabServerParts {
  readonly channel: ChannelLike;
  /** Tabs of one scope share a connection. */
  readonly scope: string;
  readonly direct: (events: LinkEvents) => Connection;
  /** Takes a message of another tab into this tab's queue. */
  readonly relay: (message: QueuedMessage) => void;
  readonly onSettled: (ids: readonly string[]) => void;
  readonly serverNow: () => number;
}

/** What a leading tab has. */
interface Lead {
  readonly direct: Connection;
  readonly server: TabServer;
}

/**
 * The one connection of a browser, shared by its tabs [CL8]. The tab that holds the scope's lock has the connection; the others send
 * their wishes to it and take its frames. When it goes, the next in line opens a connection and goes on from its own positions, and
 * for topics that only others follow from theirs.
 */
export class TabLink implements Link {
  state: ConnectionState = { state: 'idle' };
  limits: ServerLimits | undefined;
  readonly #parts: TabLinkParts;
  readonly #env: Environment;
  readonly #events: LinkEvents;
  readonly #tab: string;
  /** Undefined while another tab leads. */
  #lead: Lead | undefined;
  #leader: string | undefined;
  /** Whether the client was told that it has a connection. */
  #connected = false;
  #identity: string | undefined;
  #welcome: Welcome | undefined;
  readonly #leadership: Leadership;
  #started = false;
  #cancelWatch: Cancel = noTimer;
  #stopListening: Cancel = noTimer;
  #endLife: Cancel = noTimer;

  constructor(parts: TabLinkParts, events: LinkEvents) {
    this.#parts = parts;
    this.#env = parts.env;
    this.#events = events;
    this.#tab = parts.env.newId();
    this.#leadership = new Leadership(parts.locks, `clms-leader:${parts.scope}`, {
      onElected: () => this.#takeLead(),
      onDeposed: () => {
        this.#stepDown();
        this.#leadership.queueUp();
        this.#greet();
      },
      onProblem: events.onProblem,
    });
    parts.channel.listen((data) => this.#hear(data as TabMessage));
  }

  start(): void {
    if (!this.#started) this.#join();
    // Whoever leads may be waiting, or without a token that has come since.
    this.#ask({ kind: 'start' });
  }

  #join(): void {
    this.#started = true;
    this.#setState({ state: 'connecting', transport: 'ws', attempt: 1 });
    this.#parts.locks
      .request(tabLock(this.#tab), {}, () => new Promise((resolve) => (this.#endLife = resolve)))
      .catch((error: unknown) => this.#events.onProblem(`no lock: ${String(error)}`));
    this.#leadership.queueUp();
    this.#greet();
    this.#stopListening = this.#env.onWake(() => {
      this.#greet();
      this.#ask({ kind: 'wake' });
    });
  }

  restart(): void {
    this.#ask({ kind: 'restart' });
  }

  close(reason: string): void {
    if (!this.#started) return;
    this.#started = false;
    this.#cancelWatch();
    this.#stopListening();
    if (!this.#lead) this.#post({ kind: 'bye' });
    this.#stepDown();
    this.#leadership.resign();
    this.#endLife();
    this.#setState({ state: 'closed', reason });
  }

  send(message: QueuedMessage): boolean {
    if (this.#lead) return this.#lead.direct.send(message);
    if (this.#connected) this.#post({ kind: 'send', message });
    return this.#connected;
  }

  caughtUp(): void {
    if (this.#lead) this.#lead.direct.caughtUp();
    else if (this.state.state === 'catching_up') this.#setState({ ...this.state, state: 'live' });
  }

  settled(ids: readonly string[]): void {
    if (this.#lead) this.#post({ kind: 'settled', ids });
  }

  #takeLead(): void {
    this.#cancelWatch();
    this.#lost();
    this.#leader = this.#tab;
    const server = new TabServer(this.#parts, (message) => this.#post(message));
    const direct = this.#parts.direct({
      ...this.#events,
      onState: (state) => {
        // A connection that is put away says so once more; this tab follows another by then.
        if (this.#lead?.server !== server) return;
        this.#setState(state);
        this.#announce();
      },
      onIdentity: (id, source) => {
        if (source === 'welcome') this.#identity = id;
        this.#events.onIdentity(id, source);
      },
      onConnected: (sink) => {
        this.#connected = true;
        this.#events.onConnected(sink);
      },
      onFrame: (frame) => {
        this.#note(frame);
        server.forward(frame);
        this.#events.onFrame(frame);
      },
      onPong: (data, sentAt) => {
        this.#post({ kind: 'pong', data, sentAt });
        this.#events.onPong(data, sentAt);
      },
      onLost: () => this.#lost(),
    });
    this.#lead = { direct, server };
    direct.start();
  }

  #stepDown(): void {
    const lead = this.#lead;
    this.#lead = this.#leader = undefined;
    lead?.server.close();
    lead?.direct.close('');
    this.#lost();
  }

  #note(frame: ServerEnvelope): void {
    if (frame.type !== 'welcome') return;
    this.#welcome = frame as Welcome;
    this.limits = this.#welcome.data.limits;
  }

  /** Tells the other tabs how the connection stands. The welcome's time is brought up to date: they set their server's clock by it. */
  #announce(): void {
    const welcome = this.#welcome;
    const serverTime = new Date(this.#parts.serverNow()).toISOString();
    this.#post({
      kind: 'leader',
      state: this.state,
      identity: this.#identity,
      welcome: welcome && { ...welcome, data: { ...welcome.data, serverTime } },
    });
  }

  #hear(message: TabMessage): void {
    if (!this.#started) return;
    if (this.#lead) this.#serve(message, this.#lead);
    else this.#follow(message);
  }

  #serve(message: TabMessage, { direct, server }: Lead): void {
    switch (message.kind) {
      case 'hello': return this.#announce();
      case 'bye': return server.gone(message.from);
      case 'want': return server.want(message.from, message.topic, message.filters, message.since);
      case 'replay': return server.replay(message.topic, message.since);
      case 'unwant': return server.unwant(message.from, message.topic);
      case 'send': return this.#parts.relay(message.message);
      case 'wake': return direct.wake();
      case 'start': return direct.start();
      case 'restart': return direct.restart();
    }
  }

  #follow(message: TabMessage): void {
    if (message.kind === 'leader') return this.#heardLeader(message);
    if (message.from !== this.#leader) return;
    this.#expectNews();
    if (!this.#connected) return;
    switch (message.kind) {
      case 'frame':
        this.#note(message.frame);
        if (this.#parts.hub.hears(message.frame.topic ?? '', message.filters)) this.#events.onFrame(message.frame);
        return;
      case 'pong': return this.#events.onPong(message.data, message.sentAt);
      case 'topic': {
        const since = this.#parts.hub.adopt(message.topic, message.held, message.repeatedFrom);
        return since && this.#post({ kind: 'replay', topic: message.topic, since });
      }
      case 'refused': return this.#parts.hub.refuse(message.topic, message.code, message.message);
      case 'settled': return this.#parts.onSettled(message.ids);
    }
  }

  #heardLeader({ from, state, identity, welcome }: Extract<TabMessage, { kind: 'leader' }>): void {
    this.#expectNews();
    if (from !== this.#leader) this.#lost();
    this.#leader = from;
    if (!isConnected(state)) {
      this.#lost();
      return this.#setState(state);
    }
    if (this.#connected) return;
    this.#connected = true;
    if (identity !== undefined) this.#events.onIdentity(identity, 'welcome');
    if (welcome) {
      this.#note(welcome);
      this.#events.onFrame(welcome);
    }
    this.#setState({ ...state, state: 'catching_up' });
    this.#events.onConnected(this.#sink());
  }

  /** Subscriptions as wishes to the leading tab. */
  #sink(): SubscriptionSink {
    return {
      subscribe: ({ topic, filters = {}, since }) => this.#post({ kind: 'want', topic, filters, since }),
      unsubscribe: (topic) => this.#post({ kind: 'unwant', topic }),
    };
  }

  #lost(): void {
    if (!this.#connected) return;
    this.#connected = false;
    this.#welcome = undefined;
    this.#events.onLost();
  }

  /** Asks the leader for a sign. Only a tab that is looked at takes a silent leader's place: hidden ones may be frozen themselves. */
  #greet(): void {
    if (this.#lead) return;
    this.#post({ kind: 'hello' });
    this.#watch(LEADER_ANSWERS_WITHIN_MS, () => {
      if (this.#env.hidden()) this.#expectNews();
      else this.#leadership.depose();
    });
  }

  #expectNews(): void {
    this.#watch(LEADER_NEWS_EVERY_MS, () => this.#greet());
  }

  #watch(delayMs: number, fire: () => void): void {
    this.#cancelWatch();
    this.#cancelWatch = this.#env.setTimer(delayMs, fire);
  }

  /** For whoever leads: this tab itself, or another. */
  #ask(message: ToLeader): void {
    if (this.#lead) this.#serve({ ...message, from: this.#tab }, this.#lead);
    else this.#post(message);
  }

  #post(message: ToLeader | FromLeader): void {
    this.#parts.channel.post({ ...message, from: this.#tab });
  }

  #setState(state: ConnectionState): void {
    this.state = state;
    this.#events.onState(state);
  }
}
