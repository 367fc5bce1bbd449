import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scriptedClient } from './connected-client.ts';
import { FakeBrowser } from './fake-browser.ts';
import { settle } from './fake-environment.ts';
import { ModelServer, type Item } from './model-server.ts';

/** What a tab wants of the topic. */
type Follows = 'all' | 'computers' | 'nothing';

type Step =
  | { readonly do: 'publish'; readonly id: string; readonly fate: 'arrives' | 'vanishes' | 'comes twice' | 'is dropped' }
  | { readonly do: 'open'; readonly follows: Follows }
  | { readonly do: 'close' | 'kill' | 'freeze' | 'thaw'; readonly which: number }
  | { readonly do: 'cut' | 'lose history' | 'prune' | 'time' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('publish' as const), id: fc.constantFrom('c1', 'c2', 'r1', 'r2'), fate: fc.constantFrom('arrives', 'arrives', 'arrives', 'vanishes', 'comes twice', 'is dropped') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('open' as const), follows: fc.constantFrom('all', 'computers', 'nothing') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('close', 'kill', 'freeze', 'thaw'), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('cut', 'lose history', 'prune', 'time') }) },
);

/** A socket loses no frame without a word. */
const honest = step.filter((one) => !(one.do === 'publish' && one.fate === 'vanishes'));

class World {
  readonly browser = new FakeBrowser();
  readonly #leases: boolean;
  readonly server = new ModelServer();
  readonly tabs: ReturnType<World['newTab']>[] = [];
  readonly #frozen: ReturnType<World['newTab']>[] = [];
  readonly published: Item[] = [];
  #version = 0;
  #accepted = new Set<object>();

  constructor(leases: boolean) {
    this.#leases = leases;
  }

  newTab(follows: Follows) {
    const env = this.browser.openTab({ leases: this.#leases });
    const scripted = scriptedClient({}, env);
    const view = scripted.client.topic('equipment', follows === 'computers' ? { type: 'COMPUTER' } : {});
    /** The newest version in the state that this tab began with; what is newer has to be heard. */
    let since: number | undefined;
    const look = () => {
      if (view.getSnapshot().status.state === 'ready') since ??= Math.max(0, ...[...view.getSnapshot().state.values()].map((item) => (item as unknown as Item).version));
    };
    if (follows !== 'nothing') view.subscribe(look);
    scripted.client.connect();
    const wants = ({ type }: Item) => follows === 'all' || (follows === 'computers' && type === 'COMPUTER');
    const heard = () => scripted.messages.filter(({ topic }) => topic === 'equipment').map(({ data }) => (data as Item).version);
    return { ...scripted, env, view, follows, wants, heard, due: () => this.published.filter((item) => wants(item) && item.version > (since ?? Infinity)).map(({ version }) => version) };
  }

  take(which: number) {
    return this.tabs.splice(which % this.tabs.length, 1)[0];
  }

  /** The server takes the newest connection that some tab opened, and answers. */
  async rest(): Promise<void> {
    await settle();
    await this.browser.clock.advanceAsync(0, settle);
    for (const { env } of this.tabs) {
      const socket = env.sockets.at(-1);
      if (!socket || socket.closedWith || this.#accepted.has(socket)) continue;
      this.#accepted.add(socket);
      this.server.accept(socket);
    }
    this.server.answer();
    await settle();
    this.server.answer();
    await settle();
  }

  async apply(one: Step): Promise<void> {
    if (one.do === 'open' && this.tabs.length < 5) this.tabs.push(this.newTab(one.follows));
    if (one.do === 'publish') {
      const item = { id: one.id, type: one.id.startsWith('c') ? 'COMPUTER' : 'STUDY_ROOM', version: ++this.#version };
      this.published.push(item);
      this.server.publish(item, one.fate);
    }
    if (one.do === 'cut') this.server.cut();
    if (one.do === 'lose history') this.server.loseHistory({ announced: true });
    if (one.do === 'prune') this.server.prune();
    if (one.do === 'time') await this.pass(1);
    if (one.do === 'thaw' && this.#frozen.length > 0) {
      const [tab] = this.#frozen.splice(one.which % this.#frozen.length, 1);
      tab!.env.thaw();
      this.tabs.push(tab!);
    }
    // At least one tab is looked at all the time.
    if (this.tabs.length < 2) return;
    if (one.do === 'close') this.take(one.which)?.client.close();
    if (one.do === 'kill') this.browser.kill(this.take(one.which)!.env);
    if (one.do === 'freeze') {
      const tab = this.take(one.which)!;
      tab.env.freeze();
      this.#frozen.push(tab);
    }
  }

  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      await this.browser.clock.advanceAsync(1_000, settle);
      await this.rest();
    }
  }
}

async function play(steps: readonly Step[], leases: boolean, seconds: number): Promise<World> {
  const world = new World(leases);
  await world.apply({ do: 'open', follows: 'computers' });
  for (const one of steps) {
    await world.rest();
    await world.apply(one);
  }
  await world.pass(seconds);
  return world;
}

const sorted = (items: Iterable<unknown>) => ([...items] as Item[]).toSorted((a, b) => (a.id < b.id ? -1 : 1));

describe('tabs', () => {
  it.each([
    ['Web Locks', false, 120],
    // A dead tab's lease has to run out, or a tab that is looked at to take its place.
    ['leases, as pages by plain http have them', true, 180],
  ])('[CL8] with %s, however tabs come, go, die and freeze, those that are left end with the server\'s state over one connection (tldraw 8949)', async (_name, leases, seconds) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const world = await play(steps, leases, seconds);
        const items = [...world.server.items.values()];
        for (const { client, view, wants, follows, heard } of world.tabs) {
          expect(client.state.state).toBe('live');
          if (follows !== 'nothing') expect(sorted(view.getSnapshot().state.values())).toEqual(sorted(items.filter(wants)));
          expect(new Set(heard()).size).toBe(heard().length);
        }
        const open = world.tabs.flatMap(({ env }) => env.sockets.filter(({ closedWith, ended }) => !closedWith && !ended));
        expect(open).toHaveLength(1);
      }),
      { numRuns: 100 },
    );
  });

  it('[CL8] while the server keeps its history, each tab hears each event once, in order, and none is told of a loss, whoever has the connection', async () => {
    const lossless = honest.filter((one) => one.do !== 'lose history' && one.do !== 'prune');
    await fc.assert(
      fc.asyncProperty(fc.array(lossless, { maxLength: 30 }), async (steps) => {
        const world = await play(steps, false, 120);
        for (const { heard, due, follows, notices } of world.tabs) {
          if (follows === 'nothing') continue;
          expect(notices.filter(({ kind }) => kind === 'reset')).toEqual([]);
          expect(heard()).toEqual(due());
        }
      }),
      { numRuns: 200 },
    );
  });

  it('[CL4] where the server has lost its history, a tab misses an event only if it is told', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(honest, { maxLength: 30 }), async (steps) => {
        const world = await play(steps, false, 120);
        for (const { heard, due, notices } of world.tabs) if (!notices.some(({ kind }) => kind === 'reset')) expect(heard()).toEqual(due());
      }),
      { numRuns: 200 },
    );
  });
});
