import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RealtimeClient } from '../src/index.ts';
import { RealServer, inState, when } from './real-server.ts';

let server: RealServer;

beforeEach(async () => {
  server = new RealServer();
  await server.start();
});
afterEach(() => server.stop());

const pc = (n: number, status = 'AVAILABLE') => ({ id: `pc${n}`, type: 'COMPUTER', status });
const room = (n: number) => ({ id: `room${n}`, type: 'STUDY_ROOM', status: 'AVAILABLE' });

/** Breaks the client's connection off, as a pulled cable would. */
async function cut(client: RealtimeClient) {
  const away = inState(client, 'waiting');
  for (const { clientId } of await server.manager.listConnections()) await server.manager.closeConnection(clientId, 4508, 'cut');
  await away;
}

describe('with the real engine', () => {
  it('[SUB4] gets the snapshot and then events, through a filter', async () => {
    await server.change(pc(1));
    await server.change(room(1));
    const { client } = server.client();
    const view = client.topic('equipment', { type: 'COMPUTER' });
    const held = view.subscribe(() => {});
    client.connect();
    expect([...(await when(view, ({ status }) => status.state === 'ready')).state.keys()]).toEqual(['pc1']);
    await server.change(room(2));
    await server.change(pc(2));
    expect([...(await when(view, ({ state }) => state.size === 2)).state.keys()]).toEqual(['pc1', 'pc2']);
    expect(view.getSnapshot().freshness.state).toBe('live');
    held();
  });

  it('[SUB3] resumes after a cut: everything missed comes once, in order', async () => {
    const { client, wake } = server.client();
    const heard: string[] = [];
    client.subscribe('equipment', {}, ({ data }) => heard.push(`${data.id} ${data.status}`));
    client.connect();
    await inState(client, 'live');
    const all = ['AVAILABLE', 'IN_USE', 'MAINTENANCE', 'AVAILABLE', 'IN_USE', 'OUT_OF_ORDER'];
    for (const status of all.slice(0, 2)) await server.change(pc(1, status));
    for (const status of all.slice(2, 4)) {
      await cut(client);
      await server.change(pc(1, status));
      wake();
      await inState(client, 'live');
    }
    for (const status of all.slice(4)) await server.change(pc(1, status));
    const view = client.topic('equipment');
    await when(view, ({ state }) => state.get('pc1')?.status === 'OUT_OF_ORDER');
    expect(heard).toEqual(all.map((status) => `pc1 ${status}`));
  });

  it('[SUB5] a wider second view gets what the first one\'s filter kept out', async () => {
    await server.change(pc(1));
    await server.change(room(1));
    const { client } = server.client();
    const narrow = client.topic('equipment', { type: 'COMPUTER' });
    narrow.subscribe(() => {});
    client.connect();
    await when(narrow, ({ status }) => status.state === 'ready');
    const wide = client.topic('equipment');
    wide.subscribe(() => {});
    expect([...(await when(wide, ({ state }) => state.size === 2)).state.keys()].toSorted()).toEqual(['pc1', 'room1']);
    expect([...narrow.getSnapshot().state.keys()]).toEqual(['pc1']);
  });

  it('[DIR2] direct messages come live, and those sent while away on return, once each', async () => {
    const { client, wake } = server.client();
    const heard: unknown[] = [];
    const all = new Promise<void>((resolve) => {
      client.onMessage(({ type, data }) => {
        if (type === 'staff_alert' && heard.push(data) === 3) resolve();
      });
    });
    client.connect();
    await inState(client, 'live');
    await server.manager.broadcast({ type: 'staff_alert', data: 1 });
    await cut(client);
    await server.manager.sendToUser('ana', { type: 'staff_alert', data: 2 });
    await server.manager.sendToUser('ben', { type: 'staff_alert', data: 'not for Ana' });
    wake();
    await inState(client, 'live');
    await server.manager.broadcastToRole('STAFF', { type: 'staff_alert', data: 3 });
    await all;
    expect(heard).toEqual([1, 2, 3]);
  });

  it('[AUTH4] a revoked session gets another token and goes on; without one it needs a sign-in', async () => {
    let token: string | null = 'ana#1';
    const { client, wake } = server.client({ getToken: () => token });
    client.connect();
    await inState(client, 'live');
    server.revoked.add('ana#1');
    token = 'ana#2';
    const away = inState(client, 'waiting');
    await server.manager.revokeUser('ana');
    await away;
    wake();
    await inState(client, 'live');
    token = null;
    const out = inState(client, 'needs_auth');
    const again = inState(client, 'waiting').then(wake);
    await server.manager.revokeUser('ana');
    await Promise.all([out, again]);
    expect(client.state.state).toBe('needs_auth');
  });

  it('[AUTH1] renews its token over the open connection', async () => {
    server.tokenLifeMs = 200;
    let serial = 0;
    const { client } = server.client({ getToken: () => `ana#${++serial}` });
    const renewed = new Promise<unknown>((resolve) => {
      client.onMessage(({ type, data }) => type === 'authenticated' && resolve(data));
    });
    client.connect();
    expect(await renewed).toMatchObject({ role: 'STAFF' });
    expect(client.state.state).toBe('live');
    expect(serial).toBe(2);
  });

  it('[ENV2] an answer names the message that it answers', async () => {
    const { client } = server.client();
    const answer = new Promise<{ type: string; data: unknown }>((resolve) => {
      client.onMessage((message) => message.replyTo === 'ask1' && resolve(message));
    });
    client.connect();
    client.sendMessage({ type: 'GET_STATUS', id: 'ask1', data: {} });
    expect(await answer).toMatchObject({ type: 'status', data: { userId: 'ana', role: 'STAFF' } });
  });

  it.each(['sse', 'poll'] as const)('[FB1] [FB2] over %s: snapshot, events through a filter, direct messages, a refusal', async (transport) => {
    await server.change(pc(1));
    const { client } = server.client({ transports: [transport] });
    const alerts: unknown[] = [];
    client.onMessage(({ type, data }) => type === 'staff_alert' && alerts.push(data));
    const view = client.topic('equipment', { type: 'COMPUTER' });
    view.subscribe(() => {});
    client.connect();
    await when(view, ({ status }) => status.state === 'ready');
    await server.change(pc(2));
    await when(view, ({ state }) => state.size === 2);
    await server.manager.broadcast({ type: 'staff_alert', data: 'closing' });
    await server.change(room(1));
    await server.change(pc(3));
    expect([...(await when(view, ({ state }) => state.size === 3)).state.keys()]).toEqual(['pc1', 'pc2', 'pc3']);
    const analytics = client.topic('analytics');
    analytics.subscribe(() => {});
    await when(analytics, ({ status }) => status.state === 'refused');
    await server.change(pc(4));
    await when(view, ({ state, freshness }) => state.size === 4 && freshness.state === 'live');
    expect(client.state).toMatchObject({ state: 'live', transport });
    expect(alerts).toEqual(['closing']);
  });

  it('[DRAIN1] a server that goes away sends its clients to wait, not to give up', async () => {
    const { client } = server.client();
    client.connect();
    await inState(client, 'live');
    const waiting = inState(client, 'waiting');
    await server.manager.shutdown();
    await waiting;
    expect(client.state).toMatchObject({ state: 'waiting' });
  });
});
