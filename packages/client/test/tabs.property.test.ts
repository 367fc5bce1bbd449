import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scriptedClient } from './connected-client.ts';
import { FakeBrowser } from './fake-browser.ts';
import { settle } from './fake-environment.ts';
import { ModelServer, type Item } from './model-server.ts';

type Step =
  | { readonly do: 'publish'; readonly id: string; readonly fate: 'arrives' | 'vanishes' | 'comes twice' | 'is dropped' }
  | { readonly do: 'open'; readonly narrow: boolean }
  | { readonly do: 'close' | 'kill' | 'freeze'; readonly which: number }
  | { readonly do: 'cut' | 'lose history' | 'prune' | 'time' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('publish' as const), id: fc.constantFrom('c1', 'c2', 'r1', 'r2'), fate: fc.constantFrom('arrives', 'arrives', 'arrives', 'vanishes', 'comes twice', 'is dropped') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('open' as const), narrow: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('close', 'kill', 'freeze'), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('cut', 'lose history', 'prune', 'time') }) },
);

class World {
  readonly browser = new FakeBrowser();
  readonly #leases: boolean;
  readonly server = new ModelServer();
  readonly tabs: ReturnType<World['newTab']>[] = [];
  #version = 0;
  #accepted = new Set<object>();

  constructor(leases: boolean) {
    this.#leases = leases;
  }

  newTab(narrow: boolean) {
    const env = this.browser.openTab({ leases: this.#leases });
    const scripted = scriptedClient({}, env);
    const view = scripted.client.topic('equipment', narrow ? { type: 'COMPUTER' } : {});
    view.subscribe(() => {});
    scripted.client.connect();
    return { ...scripted, env, view, narrow };
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
    if (one.do === 'open' && this.tabs.length < 5) this.tabs.push(this.newTab(one.narrow));
    if (one.do === 'publish') this.server.publish({ id: one.id, type: one.id.startsWith('c') ? 'COMPUTER' : 'STUDY_ROOM', version: ++this.#version }, one.fate);
    if (one.do === 'cut') this.server.cut();
    if (one.do === 'lose history') this.server.loseHistory();
    if (one.do === 'prune') this.server.prune();
    if (one.do === 'time') await this.pass(1);
    // At least one tab is looked at all the time.
    if (this.tabs.length < 2) return;
    if (one.do === 'close') this.take(one.which)?.client.close();
    if (one.do === 'kill') this.browser.kill(this.take(one.which)!.env);
    if (one.do === 'freeze') this.take(one.which)!.env.freeze();
  }

  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      await this.browser.clock.advanceAsync(1_000, settle);
      await this.rest();
    }
  }
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
        const world = new World(leases);
        await world.apply({ do: 'open', narrow: true });
        for (const one of steps) {
          await world.rest();
          await world.apply(one);
        }
        await world.pass(seconds);
        const items = [...world.server.items.values()];
        for (const { client, view, narrow, messages } of world.tabs) {
          expect(client.state.state).toBe('live');
          expect(sorted(view.getSnapshot().state.values())).toEqual(sorted(items.filter(({ type }) => !narrow || type === 'COMPUTER')));
          const heard = messages.filter(({ topic }) => topic === 'equipment').map(({ id }) => id);
          expect(new Set(heard).size).toBe(heard.length);
        }
        const open = world.tabs.flatMap(({ env }) => env.sockets.filter(({ closedWith, ended }) => !closedWith && !ended));
        expect(open).toHaveLength(1);
      }),
      { numRuns: 100 },
    );
  });
});
