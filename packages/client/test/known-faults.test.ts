import { describe, expect, it } from 'vitest';
import { liveClient, tokenOf } from './connected-client.ts';
import { FakeEnvironment, settle } from './fake-environment.ts';
import { FakeHttp } from './fake-http.ts';

const activity = (n: number) => ({ id: `a${n}`, activityType: 'CHECK_IN', timestamp: '2026-03-02T08:00:00.000Z' });

/** Faults that users of other clients reported; the rest of them stands where the rule is tested (`docs/known-faults.md` lists all). */
describe('known faults', () => {
  it('[CL2] clients that fell in the same instant come back spread over the whole wait (phoenix 4045, django channels 568)', async () => {
    const chances = Array.from({ length: 100 }, (_, n) => n / 100);
    const returns = await Promise.all(chances.map(async (chance) => {
      const { client, env } = await liveClient();
      env.chances = [chance];
      for (let failure = 0; failure < 8; failure++) {
        env.socket.end(1006);
        if (client.state.state !== 'waiting') throw new Error(client.state.state);
        await env.advance(client.state.nextAttemptAt - env.now());
      }
      env.socket.end(1006);
      return client.state.state === 'waiting' ? client.state.nextAttemptAt - env.now() : NaN;
    }));
    const perSecond = Map.groupBy(returns, (ms) => Math.floor(ms / 1_000));
    expect(perSecond.size).toBeGreaterThanOrEqual(29);
    expect(Math.max(...[...perSecond.values()].map(({ length }) => length))).toBeLessThanOrEqual(4);
  });

  it('after signing out nothing comes back by itself, and the next user starts from nothing (supabase-js 2596)', async () => {
    let token: string | null = tokenOf('usr_ana');
    const { client, env } = await liveClient({ getToken: () => token });
    client.topic('activities').subscribe(() => {});
    env.socket.subscribed('activities', { offset: 9, snapshot: [activity(9)] });
    token = null;
    env.socket.end(4401);
    await env.advance(24 * 3_600_000);
    for (const signal of ['online', 'visible', 'pageshow'] as const) env.wake(signal);
    await env.advance(60_000);
    expect(client.state.state).toBe('needs_auth');
    expect(env.sockets).toHaveLength(1);
    token = tokenOf('usr_ben');
    client.connect();
    await settle();
    env.socket.welcome({ userId: 'usr_ben' });
    expect(env.socket.subscribeOf('activities').data).toEqual({ topic: 'activities' });
  });

  it('[CL4] a subscription that had no event yet resumes all the same, and what is replayed is heard once (socket.io 5538, 5419)', async () => {
    const { client, env, messages } = await liveClient();
    client.topic('activities').subscribe(() => {});
    env.socket.subscribed('activities', { offset: 41, snapshot: [] });
    const cut = async () => {
      env.socket.end(1006);
      await env.advance(500);
      env.socket.welcome();
    };
    await cut();
    expect(env.socket.subscribeOf('activities').data['since']).toEqual({ epoch: 'e1', offset: 41 });
    env.socket.subscribed('activities', { offset: 42, recovered: true });
    env.socket.event('activities', 42, 41, 'activity_update', activity(42));
    await cut();
    expect(env.socket.subscribeOf('activities').data['since']).toEqual({ epoch: 'e1', offset: 42 });
    env.socket.subscribed('activities', { offset: 42, recovered: true });
    env.socket.event('activities', 42, 41, 'activity_update', activity(42));
    expect(messages.filter(({ topic }) => topic === 'activities').map(({ id }) => id)).toEqual(['evt_activities_42']);
  });

  it('an event is shown as it comes: no screen asks the server about it (mattermost 12095)', async () => {
    const http = new FakeHttp();
    const { client, env } = await liveClient({ httpUrl: 'http://x' }, Object.assign(new FakeEnvironment(), { fetch: http.fetch }));
    const view = client.topic('activities');
    view.subscribe(() => {});
    env.socket.subscribed('activities', { offset: 0, snapshot: [] });
    const before = env.socket.sent.length;
    for (let n = 1; n <= 100; n++) env.socket.event('activities', n, n - 1, 'activity_update', activity(n));
    expect(view.getSnapshot().state).toHaveLength(100);
    expect([http.requests.length, env.socket.sent.length]).toEqual([0, before]);
  });

  it('a socket that hangs in closing does not hold up the next one (ws 1125)', async () => {
    const { client, env } = await liveClient();
    await env.advance(25_000);
    await env.advance(10_000);
    expect(env.socket.closedWith).toBeDefined();
    expect(client.state.state).toBe('waiting');
    await env.advance(500);
    expect(env.sockets).toHaveLength(2);
    env.sockets[0]!.end(1006);
    env.socket.welcome();
    expect(client.state.state).toBe('catching_up');
  });
});
