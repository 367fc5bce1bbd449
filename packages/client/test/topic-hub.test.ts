import { describe, expect, it } from 'vitest';
import { RealtimeClient, type ClientNotice } from '../src/index.ts';
import { FakeEnvironment, settle } from './fake-environment.ts';

const activity = (n: number) => ({ id: `act_${n}`, activityType: 'CHECK_IN', timestamp: `2026-03-02T08:00:00.${String(n).padStart(3, '0')}Z` });

async function connected() {
  const env = new FakeEnvironment();
  const client = new RealtimeClient({ url: 'ws://x/ws', getToken: () => 'token', environment: env });
  const view = client.topic('activities');
  view.subscribe(() => {});
  client.connect();
  await settle();
  env.socket.welcome();
  env.socket.subscribed('inbox', { offset: 0, snapshot: [] });
  return { env, client, view };
}

describe('topics on one connection', () => {
  it('[SUB1] takes the snapshot, then events in order', async () => {
    const { env, client, view } = await connected();
    expect(client.state.state).toBe('catching_up');
    expect(view.getSnapshot().status.state).toBe('loading');
    env.socket.subscribed('activities', { offset: 5, snapshot: [activity(5), activity(4)] });
    expect(client.state.state).toBe('live');
    env.socket.event('activities', 6, 5, 'activity_update', activity(6));
    expect(view.getSnapshot().state.map(({ id }) => id)).toEqual(['act_6', 'act_5', 'act_4']);
    expect(view.getSnapshot().freshness.state).toBe('live');
  });

  it('[POS2] asks again from its position when an event shows that one is missing, and applies none beyond it', async () => {
    const { env, client, view } = await connected();
    const seen: string[] = [];
    client.onMessage((message) => message.topic && seen.push(message.id));
    env.socket.subscribed('activities', { offset: 5, snapshot: [] });
    env.socket.event('activities', 8, 7, 'activity_update', activity(8));
    expect(env.socket.subscribeOf('activities').data['since']).toEqual({ epoch: 'e1', offset: 5 });
    expect(view.getSnapshot()).toMatchObject({ state: [], freshness: { state: 'catching_up' } });
    env.socket.subscribed('activities', { offset: 8, recovered: true });
    env.socket.event('activities', 7, 5, 'activity_update', activity(7));
    env.socket.event('activities', 8, 7, 'activity_update', activity(8));
    env.socket.receive('position', { topic: 'activities', offset: 8 });
    expect(seen).toEqual(['evt_activities_7', 'evt_activities_8']);
    expect(view.getSnapshot().freshness.state).toBe('live');
  });

  it('[CL4] resumes by position after a cut, and replaces the state when the history is gone (mercure 1382)', async () => {
    const { env, client, view } = await connected();
    const notices: ClientNotice[] = [];
    client.onNotice((notice) => notices.push(notice));
    env.socket.subscribed('activities', { offset: 5, snapshot: [activity(5)] });
    env.socket.end(1006);
    expect(client.state.state).toBe('waiting');
    expect(view.getSnapshot().freshness).toMatchObject({ state: 'stale' });
    await env.advance(500);
    env.socket.welcome();
    expect(env.socket.subscribeOf('activities').data['since']).toEqual({ epoch: 'e1', offset: 5 });
    env.socket.subscribed('activities', { epoch: 'e2', offset: 2, recovered: false, snapshot: [activity(9)] });
    expect(view.getSnapshot().state.map(({ id }) => id)).toEqual(['act_9']);
    expect(notices).toContainEqual({ kind: 'reset', topic: 'activities' });
  });
});
