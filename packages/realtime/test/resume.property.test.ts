import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ModelClient } from './model-client.ts';
import { ENTITIES, KINDS, ModelWorld, TOPICS, type Role } from './model-world.ts';

const CLIENTS = ['ann', 'ben', 'cho'] as const;
const ROLES: readonly Role[] = ['FULL', 'PUBLIC', 'NONE'];

const who = fc.nat(CLIENTS.length - 1);
const topic = fc.constantFrom(...TOPICS, 'droppable' as const);
const step = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('publish' as const), topic, entity: fc.nat(ENTITIES - 1), times: fc.integer({ min: 1, max: 6 }), exclude: fc.option(who, { freq: 1, nil: undefined }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('follow' as const), who, topic, kind: fc.option(fc.constantFrom(...KINDS), { nil: undefined }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unfollow' as const), who, topic }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('drop' as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('connect' as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('stop' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('go' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('role' as const), who, role: fc.constantFrom(...ROLES) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('endTurn' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

async function take(world: ModelWorld, clients: readonly ModelClient[], step: Step): Promise<void> {
  switch (step.do) {
    case 'publish':
      for (let time = 0; time < step.times; time++) world.publish(step.topic, (step.entity + time) % ENTITIES, step.exclude === undefined ? undefined : clients[step.exclude]!.clientId);
      return;
    case 'follow': return clients[step.who]!.follow(step.topic, step.kind);
    case 'unfollow': return clients[step.who]!.unfollow(step.topic);
    case 'drop': return clients[step.who]!.drop();
    case 'connect': return clients[step.who]!.connect();
    case 'stop': {
      const { transport } = clients[step.who]!;
      if (transport) transport.stopped = true;
      return;
    }
    case 'go': return clients[step.who]!.transport?.go();
    case 'role': {
      const client = clients[step.who]!;
      world.endTurn();
      world.roles.set(client.userId, step.role);
      world.manager.roleChanged(client.userId, step.role);
      return client.roleChanged();
    }
    case 'endTurn': return world.endTurn();
    case 'settle': return world.settle();
  }
}

/** Everybody is connected, reads, and has asked again for what a gap announced. */
async function calm(world: ModelWorld, clients: readonly ModelClient[]): Promise<void> {
  for (let round = 0; round < 3; round++) {
    for (const client of clients) {
      client.transport?.go();
      client.connect();
    }
    await world.settle();
  }
}

it('[SUB2] [SUB3] [POS2] [POS3] [OUT1] [OUT2] [AUTH3] after any sequence of steps each client has what the server has for its role and filters, and every loss was announced', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 80 }), fc.boolean(), async (steps, room) => {
      const world = new ModelWorld(room);
      await world.manager.start();
      const clients = CLIENTS.map((name) => new ModelClient(world, name));
      for (const client of clients) client.connect();
      for (const one of steps) await take(world, clients, one);
      await calm(world, clients);
      for (const client of clients) client.verify();
      await world.settle();
      expect(world.errors).toEqual([]);
      for (const client of clients) {
        expect(client.faults).toEqual([]);
        for (const [topic, { kind, store }] of client.following) {
          const wanted = [...world.state.get(topic)!.values()].filter((state) => (kind === undefined || state.kind === kind) && !world.withheld.has(state.version));
          expect({ client: client.userId, topic, versions: wanted.map(({ entity }) => [entity, store.get(entity)]) }).toEqual({ client: client.userId, topic, versions: wanted.map(({ entity, version }) => [entity, version]) });
        }
      }
    }),
    { numRuns: 500 },
  );
});
