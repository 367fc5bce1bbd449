import { ManualClock } from '../../packages/realtime/src/manual-clock.ts';
import { SeededRandom } from '../../packages/realtime/test/seeded-random.ts';
import type { Device } from './device.ts';
import { visible } from './expected-state.ts';
import { NetworkLink } from './network-link.ts';
import { School } from './school.ts';
import { SECRET, USERS } from './school-entities.ts';
import { SimulatedRedis } from './simulated-redis.ts';
import { CLIENTS, drawToggle, NODES, type Event, type Step } from './steps.ts';
import { WatchedClient } from './watched-client.ts';
import { WorldNode } from './world-node.ts';

const MORNING_MS = Date.UTC(2030, 0, 15, 8);
/** Undisturbed time after which everything has to be right again: longer than a token's life and than two silent heartbeats. */
const SETTLE_MS = 100_000;
/** Time in which whatever was closed is closed, and the other nodes have been told. */
const CLOSE_MS = 7000;
const HOLDS_AT_FIRST = 4;

/** Lets all that waits for promises go on. Nothing in the world waits for anything else. */
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Clients, nodes, Redis, network and clocks in one process. The same seed and steps give the same course. */
export class World {
  readonly faults: string[] = [];
  readonly #chance: SeededRandom;
  readonly #clock = new ManualClock(MORNING_MS);
  readonly #school = new School(this.#clock);
  readonly #redis: SimulatedRedis;
  readonly #nodes: WorldNode[];
  readonly #clients: WatchedClient[];
  readonly #links = new Map<NetworkLink, { readonly device: Device; node: WorldNode | undefined }>();
  /** When a node judged a user anew: what it wrote before is not to be blamed on the new role. */
  readonly #judgedAt = new Map<string, number>();
  #databaseFails = false;
  #framesWritten = 0;

  constructor(seed: number) {
    this.#chance = new SeededRandom(seed ^ 0x5eed);
    const chance = this.#chance;
    this.#redis = new SimulatedRedis(() => chance.below(6));
    this.#nodes = Array.from({ length: NODES }, (_, at) => this.#newNode(at));
    const users = Object.keys(USERS);
    this.#clients = Array.from({ length: CLIENTS }, (_, at) => users[(seed + at) % users.length]!).map((userId, at) => new WatchedClient({
      name: `c${at}`, userId, clock: this.#clock, chance, school: this.#school, taken: () => this.#redis.taken,
      open: (protocols, device) => this.#dial(protocols, device),
    }));
  }

  /** Plays the steps, then lets the world come to rest, then takes it down. Everything that was wrong stands in `faults`. */
  async play(steps: readonly Step[]): Promise<void> {
    for (const node of this.#nodes) void node.start();
    await this.#pass(200);
    for (const [at, client] of this.#clients.entries()) {
      for (let hold = 0; hold < HOLDS_AT_FIRST; hold++) this.#happen(drawToggle(this.#chance, at));
      client.client.connect();
    }
    for (const { event, thenMs } of steps) {
      this.#happen(event);
      if (thenMs > 0) await this.#pass(thenMs);
    }
    this.#mend();
    // Nodes that were on their way down are by then.
    await this.#pass(CLOSE_MS);
    for (const at of this.#nodes.keys()) this.#restart(at);
    await this.#pass(SETTLE_MS);
    for (const client of this.#clients) this.faults.push(...client.faults());
    await this.#takeDown();
  }

  /** What was published and heard, in short. */
  course(): string {
    return JSON.stringify([this.#redis.taken.map(({ topic, offset, event }) => [topic, offset, event.id]), this.#clients.map(({ hearing }) => hearing.course()), this.#framesWritten]);
  }

  async #takeDown(): Promise<void> {
    for (const { client, holds } of this.#clients) {
      for (const { release } of holds.values()) release();
      client.close();
    }
    await this.#pass(CLOSE_MS);
    for (const { nodeId, manager } of this.#nodes) {
      const { activeConnections, byTopic } = manager.getStatus();
      if (activeConnections > 0 || Object.keys(byTopic).length > 0) this.faults.push(`${nodeId} still has ${activeConnections} connections and ${JSON.stringify(byTopic)}`);
    }
    for (const node of this.#nodes) void node.drain();
    await this.#pass(CLOSE_MS);
    if (this.#clock.pending > 0) this.faults.push(`${this.#clock.pending} timers are left`);
    if (this.#redis.connections > 0) this.faults.push(`${this.#redis.connections} connections to Redis are left`);
  }

  #happen(event: Event): void {
    const client = 'client' in event ? this.#clients[event.client]! : undefined;
    const nodeAt = 'node' in event ? event.node : 0;
    const node = this.#nodes[nodeAt]!;
    switch (event.do) {
      case 'change': {
        const excludeClientId = event.without === undefined ? undefined : this.#clients[event.without]!.clientId;
        for (let time = 0; time < event.times; time++) this.#school.change(event.topic, (event.which + time) % 6, { excludeClientId });
        return;
      }
      case 'tell': return this.#school.tell(event.to === 'all' ? { all: true } : event.to === 'role' ? { role: client!.identity.role } : { userId: client!.userId });
      case 'say': return client!.say(event.room);
      case 'toggle': return client!.toggle(event.topic, event.filters);
      case 'cut': return this.#linksOf(client!).forEach((link) => link.cut());
      case 'stall': return this.#linksOf(client!).forEach((link) => link.stall());
      case 'lose touch': return this.#linksOf(client!).forEach((link) => link.loseTouch());
      case 'flow': return this.#linksOf(client!).forEach((link) => link.flow());
      case 'slow': return this.#linksOf(client!).forEach((link) => link.slow(event.msPerByte));
      case 'sleep': return client!.device.sleep();
      case 'wake': return client!.device.wake();
      case 'hide': return client!.device.hide(true);
      case 'show': return client!.device.hide(false);
      case 'set clock': return client!.device.setClock(event.skewMs);
      case 'mobile': return client!.device.constrain(event.on);
      case 'tokens fail': return void (client!.tokensFail = true);
      case 'tokens work': return void (client!.tokensFail = false);
      case 'revoke':
        this.#school.revokedSessions.add(client!.sessionId);
        return this.#anyNode()?.manager.revokeSession(client!.sessionId);
      case 'switch user': return client!.switchTo(event.to);
      case 'change role': return this.#changeRole(client!, event.to);
      case 'kill': return node.kill();
      case 'drain': return void node.drain();
      case 'start': return this.#restart(nodeAt);
      case 'part': return this.#redis.setApart(node.nodeId, true);
      case 'join': return this.#redis.setApart(node.nodeId, false);
      case 'deafen': return this.#redis.deafen(node.nodeId);
      case 'break off': return this.#redis.breakOff(node.nodeId);
      case 'flush': return this.#redis.flush();
      case 'forget': return this.#redis.restart();
      case 'hang': return this.#redis.hang(true);
      case 'go on': return this.#redis.hang(false);
      case 'database fails': return void (this.#databaseFails = true);
      case 'database works': return void (this.#databaseFails = false);
    }
  }

  /** Ends all that disturbs. Cables that were pulled stay so: their ends have to find out. */
  #mend(): void {
    this.#databaseFails = false;
    this.#redis.hang(false);
    for (const [at, { nodeId }] of this.#nodes.entries()) {
      this.#redis.setApart(nodeId, false);
      this.#restart(at);
    }
    for (const link of this.#links.keys()) link.flow();
    for (const client of this.#clients) {
      client.tokensFail = false;
      client.device.mend();
    }
  }

  #newNode(at: number): WorldNode {
    return new WorldNode({
      nodeId: `node-${at}`,
      clock: this.#clock,
      redis: this.#redis,
      school: this.#school,
      readMs: () => this.#chance.below(20),
      failing: () => this.#databaseFails && this.#chance.below(2) === 0,
      onError: (error, doing) => this.#onError(error, doing),
      onRole: (nodeId, userId) => void this.#judgedAt.set(`${nodeId} ${userId}`, this.#clock.now()),
    });
  }

  /** Failures of Redis and of the database are part of the world; others are not. */
  #onError(error: unknown, doing: string): void {
    const text = String(error);
    if (!/Redis|destroyed|broken off|closed|database|history of/.test(text)) this.faults.push(`${doing}: ${text}`);
  }

  #restart(at: number): void {
    if (!this.#nodes[at]!.isDown) return;
    const node = (this.#nodes[at] = this.#newNode(at));
    void node.start();
  }

  #anyNode(): WorldNode | undefined {
    const up = this.#nodes.filter((node) => node.isUp);
    return up.length > 0 ? this.#chance.pick(up) : undefined;
  }

  #linksOf({ device }: WatchedClient): NetworkLink[] {
    return [...this.#links].filter(([, of]) => of.device === device).map(([link]) => link);
  }

  #dial(protocols: readonly string[], device: Device): NetworkLink['socket'] {
    const link: NetworkLink = new NetworkLink({ device, clock: this.#clock, delayMs: () => 1 + this.#chance.below(30), witness: (text) => this.#witness(link, text) });
    const route = { device, node: undefined as WorldNode | undefined };
    for (const [old] of this.#links) if (old.isOver) this.#links.delete(old);
    this.#links.set(link, route);
    const token = protocols.find((protocol) => protocol.startsWith('bearer.'))?.slice('bearer.'.length) ?? '';
    link.request(() => {
      route.node = this.#anyNode();
      if (route.node) void route.node.upgrade(link, token).catch(() => link.refuse());
      else link.refuse();
    });
    return link.socket;
  }

  #changeRole(client: WatchedClient, role: string): void {
    if (this.#school.roleOf(client.userId) === role) return;
    this.#school.roles.set(client.userId, role);
    this.#anyNode()?.manager.roleChanged(client.userId, role);
    for (const other of this.#clients) if (other.userId === client.userId) other.roleChanged();
  }

  /** Sees every frame that a node writes: nothing may leave that its receiver may not know. */
  #witness(link: NetworkLink, text: string): void {
    this.#framesWritten++;
    const { topic, id, timestamp, data } = JSON.parse(text) as { topic?: string; id: string; timestamp: string; data: { snapshot?: unknown } };
    const node = this.#links.get(link)?.node;
    const identity = node?.identityOf(link);
    if (!identity || Date.parse(timestamp) <= (this.#judgedAt.get(`${node!.nodeId} ${identity.userId}`) ?? 0)) return;
    if (topic === undefined) {
      if ((identity.role === 'KIOSK' || identity.role === 'DISPLAY') && text.includes(SECRET)) this.faults.push(`${identity.role} got a name in ${text.slice(0, 200)}`);
      return;
    }
    const event = this.#school.outbox.find((one) => one.id === id);
    const allowed = event && visible(identity, event);
    if (allowed === undefined || (JSON.stringify(data).includes(SECRET) && !JSON.stringify(allowed).includes(SECRET))) this.faults.push(`${identity.role} ${identity.userId} got ${text.slice(0, 200)}`);
  }

  #pass(ms: number): Promise<void> {
    return this.#clock.advanceAsync(ms, turn);
  }
}
