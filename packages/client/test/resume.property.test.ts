import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scriptedClient } from './connected-client.ts';
import { settle } from './fake-environment.ts';
import { ModelServer, type Item } from './model-server.ts';

type Step =
  | { readonly do: 'publish'; readonly id: string; readonly fate: 'arrives' | 'vanishes' | 'comes twice' | 'is dropped' }
  | { readonly do: 'cut' | 'lose history' | 'prune' | 'ping' | 'time' | 'wide on' | 'wide off' | 'narrow on' | 'narrow off' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('publish' as const), id: fc.constantFrom('c1', 'c2', 'r1', 'r2'), fate: fc.constantFrom('arrives', 'arrives', 'arrives', 'vanishes', 'comes twice', 'is dropped') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('cut', 'lose history', 'prune', 'ping', 'time', 'wide on', 'wide off', 'narrow on', 'narrow off') }) },
);
const typeOf = (id: string) => (id.startsWith('c') ? 'COMPUTER' : 'STUDY_ROOM');

async function play(steps: readonly Step[]) {
  const { client, env, messages, notices } = scriptedClient();
  const server = new ModelServer();
  let version = 0;
  let connected: object | undefined;
  const holds = new Map<string, () => void>();
  const wide = client.topic('equipment');
  const narrow = client.topic('equipment', { type: 'COMPUTER' });
  const hold = (name: string, view: { subscribe(listener: () => void): () => void }) => {
    if (!holds.has(name)) holds.set(name, view.subscribe(() => {}));
  };
  const release = (name: string) => {
    holds.get(name)?.();
    holds.delete(name);
  };
  /** Lets the client reconnect where it wants to, and the server answer. */
  const rest = async () => {
    await env.advance(0);
    if (env.sockets.length > 0 && env.socket !== connected && client.state.state === 'connecting') {
      connected = env.socket;
      server.accept(env.socket);
    }
    server.answer();
  };
  hold('narrow', narrow);
  client.connect();
  await settle();
  for (const one of steps) {
    await rest();
    switch (one.do) {
      case 'publish': server.publish({ id: one.id, type: typeOf(one.id), version: ++version }, one.fate); break;
      case 'cut': server.cut(); break;
      case 'lose history': server.loseHistory(); break;
      case 'prune': server.prune(); break;
      case 'ping': env.wake('visible'); break;
      case 'time': await env.advance(1_000); break;
      case 'wide on': hold('wide', wide); break;
      case 'wide off': release('wide'); break;
      case 'narrow on': hold('narrow', narrow); break;
      case 'narrow off': release('narrow'); break;
    }
    server.answer();
  }
  // Whatever happened: one undisturbed minute, in which the client pings, is enough to find and mend it.
  for (let second = 0; second < 60; second++) {
    await env.advance(1_000);
    await rest();
  }
  return { client, server, messages, notices, holds, wide, narrow };
}

const byId = (items: Iterable<Item>) => [...items].toSorted((a, b) => (a.id < b.id ? -1 : 1));

describe('resuming', () => {
  it('[CL4] whatever is cut, lost, doubled or pruned, the state ends equal to the server\'s, and every event was heard once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { client, server, messages, holds, wide, narrow } = await play(steps);
        expect(client.state.state).toBe('live');
        if (holds.has('wide')) expect(byId(wide.getSnapshot().state.values() as unknown as Item[])).toEqual(byId(server.items.values()));
        const computers = [...server.items.values()].filter(({ type }) => type === 'COMPUTER');
        if (holds.has('narrow')) expect(byId(narrow.getSnapshot().state.values() as unknown as Item[])).toEqual(byId(computers));
        const heard = messages.filter(({ topic }) => topic === 'equipment').map(({ id }) => id.split('/').map(Number) as [number, number]);
        for (let n = 1; n < heard.length; n++) {
          const [[epochBefore, before], [epoch, offset]] = [heard[n - 1]!, heard[n]!];
          expect(epoch > epochBefore || (epoch === epochBefore && offset > before)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('[CL4] while a topic stays held, an event is missed only if the application is told', async () => {
    const steady = step.filter((one) => !one.do.startsWith('wide') && !one.do.startsWith('narrow'));
    await fc.assert(
      fc.asyncProperty(fc.array(steady, { maxLength: 40 }), async (steps) => {
        const { messages, notices } = await play([{ do: 'time' }, ...steps]);
        if (notices.some(({ kind }) => kind === 'reset')) return;
        const published = steps.filter((one) => one.do === 'publish');
        const heard = messages.filter(({ topic }) => topic === 'equipment');
        expect(heard).toHaveLength(published.filter(({ id }) => typeOf(id) === 'COMPUTER').length);
      }),
      { numRuns: 300 },
    );
  });
});
