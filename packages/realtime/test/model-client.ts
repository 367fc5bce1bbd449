import type { InboundLane } from '../src/inbound-lane.ts';
import { ModelTransport } from './model-transport.ts';
import { TOPICS, type EntityState, type ModelWorld, type Topic } from './model-world.ts';

interface Following {
  kind: string | undefined;
  position: { epoch: string; offset: number } | undefined;
  /** Id of the `subscribe` whose answer counts; until then, what comes is of an older one. */
  awaiting: string | undefined;
  store: Map<number, number>;
}

/** A client by the contract: applies what it is given, notices every loss, and writes down what ought not to happen. */
export class ModelClient {
  readonly userId: string;
  readonly following = new Map<Topic, Following>();
  readonly faults: string[] = [];
  clientId: string | undefined;
  transport: ModelTransport | undefined;
  /** Frames from before a change of role may still be on the way. */
  secretsExcused = false;
  readonly #world: ModelWorld;
  #lane: InboundLane | undefined;
  #sent = 0;

  constructor(world: ModelWorld, userId: string) {
    this.#world = world;
    this.userId = userId;
  }

  get connected(): boolean {
    return this.transport !== undefined;
  }

  connect(): void {
    if (this.transport) return;
    const transport = new ModelTransport((text) => this.transport === transport && this.#read(JSON.parse(text)));
    this.transport = transport;
    const client = this.#world.manager.connect(this.#world.identity(this.userId), { address: '', origin: undefined, userAgent: undefined }, transport);
    this.#lane = client?.lane;
    transport.onClosed = () => {
      client?.connection.ended(1006, '');
      if (this.transport === transport) this.#gone();
    };
    this.secretsExcused = false;
    for (const topic of this.following.keys()) this.#ask(topic);
  }

  drop(): void {
    this.transport?.terminate();
  }

  follow(topic: Topic, kind: string | undefined): void {
    this.following.set(topic, { kind, position: undefined, awaiting: undefined, store: new Map() });
    this.#ask(topic);
  }

  unfollow(topic: Topic): void {
    if (this.following.delete(topic)) this.#send('unsubscribe', { topic });
  }

  /** The role has changed: what was seen in another role is read again. */
  roleChanged(): void {
    this.secretsExcused = this.transport?.stopped === true;
    for (const [topic, { kind }] of this.following) this.follow(topic, kind);
  }

  verify(): void {
    this.#send('ping', {});
  }

  #gone(): void {
    this.transport = undefined;
    this.clientId = undefined;
    this.#lane = undefined;
    for (const following of this.following.values()) following.awaiting = undefined;
  }

  #ask(topic: Topic): void {
    const following = this.following.get(topic)!;
    const { kind, position } = following;
    following.awaiting = this.#send('subscribe', { topic, ...(kind !== undefined && { filters: { kind } }), ...(position && { since: { ...position } }) });
  }

  #send(type: string, data: unknown): string {
    const id = `m${++this.#sent}`;
    this.#lane?.receive(JSON.stringify({ type, data, id }));
    return id;
  }

  #read(message: any): void {
    const { type, data } = message;
    if (type === 'welcome') this.clientId = data.clientId;
    for (const item of type === 'changed' ? [data] : (data.snapshot ?? [])) this.#lookForSecrets(item);
    if (type === 'error') return this.#refused(message);
    if (type === 'pong') return this.#judge(data.positions);
    const topic = (message.topic ?? data.topic) as Topic;
    const following = this.following.get(topic);
    if (!following) return;
    if (type === 'subscribed') return this.#begin(following, message);
    if (type === 'unsubscribed') return data.reason === 'FORBIDDEN' ? void this.following.delete(topic) : undefined;
    if (following.awaiting !== undefined || !following.position) return;
    if (type === 'changed') this.#apply(topic, following, message);
    else if (type === 'position') following.position.offset = Math.max(following.position.offset, data.offset);
    else if (type === 'gap') this.#ask(topic);
  }

  #refused({ replyTo, data }: any): void {
    const forbidden = [...this.following].find(([, { awaiting }]) => awaiting === replyTo);
    if (data.code === 'UNAUTHORIZED' && forbidden) this.following.delete(forbidden[0]);
    else if (data.code !== 'UNAUTHORIZED') this.faults.push(`${data.code}: ${data.message}`);
  }

  #begin(following: Following, { replyTo, data }: any): void {
    if (replyTo !== following.awaiting) return;
    following.awaiting = undefined;
    if (data.recovered === true) return;
    following.position = { epoch: data.epoch, offset: data.offset };
    following.store = new Map(data.snapshot.map(({ entity, version }: EntityState) => [entity, version]));
  }

  #apply(topic: Topic, following: Following, { offset, prev, data }: any): void {
    const position = following.position!;
    if (offset <= position.offset) this.faults.push(`${topic} ${offset} came again or out of order, behind ${position.offset}`);
    if (prev > position.offset) this.faults.push(`${topic}: lost something between ${position.offset} and ${prev} without being told`);
    if (following.kind !== undefined && data.kind !== following.kind) this.faults.push(`${topic} ${offset} is ${data.kind}, which was not asked for`);
    position.offset = offset;
    following.store.set(data.entity, data.version);
  }

  #lookForSecrets(item: EntityState): void {
    if (item.secret !== undefined && !this.secretsExcused && this.#world.roles.get(this.userId) !== undefined && this.#world.roles.get(this.userId) !== 'FULL') this.faults.push('saw a secret that its role may not see');
  }

  #judge(positions: Record<string, { epoch: string; offset: number; prev: number }>): void {
    for (const topic of TOPICS) {
      const following = this.following.get(topic);
      if (!following?.position || following.awaiting !== undefined) continue;
      const told = positions[topic];
      if (!told) this.faults.push(`${topic} is followed, and the server does not know`);
      else if (told.prev > following.position.offset) this.faults.push(`${topic}: the server says ${told.prev}, the client has ${following.position.offset}`);
      else following.position.offset = Math.max(following.position.offset, told.offset);
    }
  }
}
