import { beforeEach, expect, it } from 'vitest';
import type { Broker } from '../src/broker.ts';
import { ManualClock } from '../src/manual-clock.ts';
import { WebSocketManager } from '../src/websocket-manager.ts';
import { LinkedBrokers } from './linked-brokers.ts';
import { ModelTransport } from './model-transport.ts';

let clock: ManualClock;
let brokers: Broker[];
let nodes: WebSocketManager[];

beforeEach(async () => {
  clock = new ManualClock(Date.UTC(2030, 0, 15, 12));
  const linked = new LinkedBrokers(clock);
  brokers = [linked.node(), linked.node()];
  nodes = ['north', 'south'].map(
    (nodeId, at) =>
      new WebSocketManager({
        topics: [],
        authenticate: async () => ({ kind: 'refused', status: 401, reason: 'not used' }),
        broker: brokers[at]!,
        clock,
        nodeId,
        defer: (work) => work(),
      }),
  );
  for (const node of nodes) await node.start();
});

interface Guest {
  readonly messages: any[];
  readonly transport: ModelTransport;
  readonly codes: number[];
}

function connect(node: WebSocketManager, userId: string, sessionId = userId): Guest {
  const messages: any[] = [];
  const codes: number[] = [];
  const transport = new ModelTransport((text) => messages.push(JSON.parse(text)));
  const client = node.connect({ userId, username: userId, role: 'STAFF', sessionId }, { address: '', origin: undefined, userAgent: undefined }, transport);
  transport.onClosed = (code) => {
    codes.push(code);
    client?.connection.ended(code, '');
  };
  return { messages, transport, codes };
}

it('[AUTH4] fault: the socket survives the logout: a revoked session closes on every node, and no other', () => {
  const [here, there, other] = [connect(nodes[0]!, 'ann', 's1'), connect(nodes[1]!, 'ann', 's1'), connect(nodes[1]!, 'ann', 's2')];
  nodes[0]!.revokeSession('s1');
  expect([here.codes, there.codes, other.codes]).toEqual([[4401], [4401], []]);
});

it('[AUTH4] a session that ended while the others could not be reached ends here at once, and there as soon as they can be', async () => {
  const [here, there] = [connect(nodes[0]!, 'ann', 's1'), connect(nodes[1]!, 'ann', 's1')];
  const broker = brokers[0]!;
  const { signal, health } = broker;
  broker.signal = () => Promise.reject(new Error('the broker is away'));
  broker.health = () => ({ state: 'degraded', reason: 'away' });
  nodes[0]!.revokeSession('s1');
  expect(here.codes).toEqual([4401]);
  await clock.advanceAsync(3000, () => new Promise((resolve) => setImmediate(resolve)));
  expect(there.codes).toEqual([]);
  Object.assign(broker, { signal, health });
  await clock.advanceAsync(1000, () => new Promise((resolve) => setImmediate(resolve)));
  expect(there.codes).toEqual([4401]);
});

it('lists the connections of all nodes, and closes one wherever it is', async () => {
  connect(nodes[0]!, 'ann');
  const ben = connect(nodes[1]!, 'ben');
  const listed = await nodes[0]!.listConnections();
  expect(listed.map(({ userId }) => userId).toSorted()).toEqual(['ann', 'ben']);
  expect(await nodes[0]!.closeConnection(listed.find(({ userId }) => userId === 'ben')!.clientId)).toBe(true);
  expect(ben.codes).toEqual([1001]);
  expect(await nodes[0]!.closeConnection('client_of_nobody')).toBe(false);
});

it('sums the status of the nodes, and forgets one that has fallen silent', async () => {
  connect(nodes[1]!, 'ben');
  clock.advance(6000);
  expect(nodes[0]!.getStatus()).toMatchObject({ activeConnections: 1, nodes: [{ nodeId: 'north' }, { nodeId: 'south', activeConnections: 1 }] });
  await brokers[1]!.close();
  clock.advance(20_000);
  expect(nodes[0]!.getStatus()).toMatchObject({ activeConnections: 0, nodes: [{ nodeId: 'north' }] });
});

it('[DRAIN1] a node that closes says goodbye: the others forget it at once, and wait for no answer of it', async () => {
  connect(nodes[1]!, 'ben');
  clock.advance(6000);
  expect(nodes[0]!.getStatus().nodes).toHaveLength(2);
  const listed = nodes[0]!.listConnections();
  const closing = nodes[1]!.shutdown();
  // The drain's pauses, and the time it takes to tell; nowhere near the fifteen seconds after which silence would tell.
  for (let turn = 0; turn < 50; turn++) {
    clock.advance(20);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await closing;
  expect(nodes[0]!.getStatus()).toMatchObject({ activeConnections: 0, nodes: [{ nodeId: 'north' }] });
  expect((await listed).map(({ userId }) => userId)).toEqual(['ben']);
  expect(await nodes[0]!.listConnections()).toEqual([]);
});

it('[DIR1] a broadcast reaches the clients of every node', async () => {
  const guests = [connect(nodes[0]!, 'ann'), connect(nodes[1]!, 'ben')];
  await nodes[0]!.broadcast({ type: 'system_announcement', data: { message: 'closing' } });
  for (const { messages } of guests) expect(messages.at(-1)).toMatchObject({ type: 'system_announcement', topic: 'inbox', offset: 1 });
});
