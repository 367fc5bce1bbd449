import { describe, expect, it } from 'vitest';
import { liveClient, scriptedClient, tokenOf } from './connected-client.ts';
import type { RealtimeClient } from '../src/index.ts';
import { START_AT, settle, type FakeEnvironment } from './fake-environment.ts';

const untilRetry = async (client: RealtimeClient, env: FakeEnvironment) => {
  if (client.state.state !== 'waiting') throw new Error(`it is ${client.state.state}`);
  await env.advance(client.state.nextAttemptAt - env.now());
};

describe('connection', () => {
  it('[CL1] goes from idle over connecting and catching up to live', async () => {
    const { client, env, states } = scriptedClient();
    expect(client.state).toEqual({ state: 'idle' });
    client.connect();
    await settle();
    env.socket.welcome();
    env.socket.subscribed('inbox', { offset: 0, snapshot: [] });
    expect(states).toEqual([
      { state: 'connecting', transport: 'ws', attempt: 1 },
      { state: 'catching_up', transport: 'ws', connectedAt: START_AT },
      { state: 'live', transport: 'ws', connectedAt: START_AT },
    ]);
  });

  it('[UP2] hands its token over as a subprotocol, never in the URL (bitwarden web 899)', async () => {
    const { env } = await liveClient({ getToken: () => 'secret' });
    expect(env.socket.protocols).toEqual(['clms.v1', 'bearer.secret']);
    expect(env.socket.url).toBe('ws://x/ws');
  });

  it('[CL2] never gives up, and starts over from short waits after 5 s of stable uptime (SignalR default policy)', async () => {
    const { client, env } = scriptedClient();
    env.chances = [0.999_999];
    client.connect();
    for (let failure = 1; failure <= 40; failure++) {
      await settle();
      env.socket.end(1006);
      expect(client.state).toMatchObject({ state: 'waiting', attempt: failure });
      await untilRetry(client, env);
    }
    expect(env.sockets.length).toBe(41);
    env.socket.welcome();
    await env.advance(4_999);
    env.socket.end(1006);
    expect(client.state).toMatchObject({ attempt: 41 });
    await env.advance(30_000);
    env.socket.welcome();
    await env.advance(5_000);
    env.socket.end(1006);
    expect(client.state).toMatchObject({ attempt: 1, nextAttemptAt: env.now() + 1_000 });
  });

  it('[CL2] waits at least as long as a draining server advised (omi 5520)', async () => {
    const { client, env } = await liveClient();
    env.socket.receive('reconnect', { reason: 'RESTART', delayMs: 7_000 });
    env.socket.end(1012);
    expect(client.state).toMatchObject({ state: 'waiting', nextAttemptAt: env.now() + 7_000 });
  });

  it.each([
    [4429, 30_000],
    [1008, 10_000],
    [4408, 500],
    [4508, 500],
    [1006, 500],
    [1000, 500],
    [1001, 500],
    [1012, 500],
    [1013, 500],
  ])('close code %i keeps away for %i ms, and then it comes back (omi 5520, dropwizard websocket 6)', async (code, delayMs) => {
    const { client, env } = await liveClient();
    env.socket.end(code);
    expect(client.state).toMatchObject({ state: 'waiting', nextAttemptAt: env.now() + delayMs });
    await env.advance(delayMs);
    expect(env.sockets).toHaveLength(2);
  });

  it('protocol misuse is reported', async () => {
    const { env, notices } = await liveClient();
    env.socket.end(1009, 'too big');
    expect(notices).toEqual([{ kind: 'problem', text: 'closed with 1009: too big' }]);
  });

  it('[CL2] stops for good when the role may not connect, until it is asked again', async () => {
    const { client, env } = await liveClient();
    env.socket.end(4403, 'role');
    expect(client.state).toEqual({ state: 'closed', reason: 'role' });
    await env.advance(3_600_000);
    expect(env.sockets).toHaveLength(1);
    client.connect();
    await settle();
    expect(env.sockets).toHaveLength(2);
  });

  it('a server that accepts but never welcomes counts as failed', async () => {
    const { client, env } = scriptedClient();
    client.connect();
    await env.advance(9_999);
    expect(client.state.state).toBe('connecting');
    await env.advance(1);
    expect(client.state).toMatchObject({ state: 'waiting', reason: 'no welcome' });
  });

  it('[CL3] retries within a second when the network or the user comes back', async () => {
    for (const signal of ['online', 'visible', 'pageshow'] as const) {
      const { client, env } = scriptedClient();
      client.connect();
      env.chances = [0.999];
      for (let failure = 1; failure <= 8; failure++) {
        if (failure > 1) await untilRetry(client, env);
        await settle();
        env.socket.end(1006);
      }
      await env.advance(100);
      const before = env.sockets.length;
      env.chances = [0.5];
      env.wake(signal);
      await env.advance(500);
      expect(env.sockets.length).toBe(before + 1);
    }
  });

  it('[CL3] late events of a replaced socket are ignored (graphql-ws 289)', async () => {
    const { client, env, messages } = await liveClient();
    const dead = env.socket;
    client.reauthenticate();
    await settle();
    expect(env.sockets).toHaveLength(2);
    dead.receive('staff_alert', {});
    dead.end(1006);
    expect(messages.filter(({ type }) => type === 'staff_alert')).toEqual([]);
    expect(client.state.state).toBe('connecting');
  });

  it('leaves neither timers nor listeners when closed, and closing twice is closing once', async () => {
    const { client, env, states } = await liveClient();
    client.close();
    client.close();
    expect(env.clock.pending).toBe(0);
    expect(env.wakeListeners).toBe(0);
    expect(states.filter(({ state }) => state === 'closed')).toHaveLength(1);
  });
});

describe('liveness', () => {
  it.each([[10_000, 10_000], [100, 1_000]])('[LIVE2] keeps up with a heartbeat of %i ms: pings every %i ms, and a server that answers stays connected', async (heartbeatInterval, everyMs) => {
    const { env, client } = scriptedClient();
    client.connect();
    await settle();
    env.socket.welcome({ heartbeatInterval });
    env.socket.subscribed('inbox', { offset: 0, snapshot: [] });
    for (let n = 1; n <= 6; n++) {
      await env.advance(everyMs);
      expect(env.socket.of('ping')).toHaveLength(n);
      env.socket.pong();
    }
    expect(client.state.state).toBe('live');
    await env.advance(2 * everyMs);
    expect(client.state).toMatchObject({ state: 'waiting', reason: 'no sign of life' });
  });

  it('[LIVE2] pings every 25 s, every 50 s on mobile networks (ws 2283, ingress-nginx)', async () => {
    const { env } = await liveClient();
    await env.advance(25_000);
    expect(env.socket.of('ping')).toHaveLength(1);
    env.socket.pong();
    env.isConstrained = true;
    await env.advance(25_000);
    env.socket.pong();
    await env.advance(49_999);
    expect(env.socket.of('ping')).toHaveLength(2);
  });

  it('takes a connection that does not answer a ping for dead (ws 1158)', async () => {
    const { client, env } = await liveClient();
    await env.advance(25_000 + 10_000);
    expect(client.state).toMatchObject({ state: 'waiting', reason: 'no sign of life' });
  });

  it('[CL3] after sleep, elapsed time tells at once that the connection is dead (graphql-ws 289)', async () => {
    const { client, env } = await liveClient();
    const { sockets } = env;
    env.clock.sleep(3_600_000);
    env.wake('visible');
    await settle();
    expect(client.state.state).toBe('waiting');
    expect(sockets[0]!.closedWith).toBeDefined();
  });

  it('[CL3] a timer that fired late does not condemn a connection whose answer is waiting behind it', async () => {
    const { client, env } = await liveClient();
    await env.advance(25_000);
    env.clock.sleep(25_000);
    await env.advance(0);
    expect(client.state.state).toBe('live');
    env.socket.pong();
    await env.advance(5_000);
    expect(client.state.state).toBe('live');
  });

  it('a hidden page, whose timers fire once a minute, keeps its connection (stream-chat-js 694, stompjs 335)', async () => {
    const { client, env } = await liveClient();
    env.isHidden = true;
    for (let minute = 0; minute < 5; minute++) {
      env.clock.sleep(60_000);
      await env.advance(0);
      env.socket.pong();
    }
    expect(client.state.state).toBe('live');
    expect(env.sockets).toHaveLength(1);
  });

  it('waking while live checks the connection and gives it 5 s (stream-chat-js 694)', async () => {
    const { client, env } = await liveClient();
    await env.advance(1_000);
    env.wake('visible');
    expect(env.socket.of('ping')).toHaveLength(1);
    await env.advance(5_000);
    expect(client.state.state).toBe('waiting');
  });
});

describe('tokens', () => {
  it('[CL6] needs_auth without a token; connect() asks again', async () => {
    let token: string | null = null;
    const { client, env } = scriptedClient({ getToken: () => token });
    client.connect();
    await settle();
    expect(client.state.state).toBe('needs_auth');
    token = 'now';
    client.connect();
    await settle();
    expect(env.socket.protocols).toContain('bearer.now');
  });

  it('[AUTH1] after 4401 it gets another token; the same one again counts as none (klangk 3152)', async () => {
    const reasons: string[] = [];
    let token = 'old';
    const { client, env } = await liveClient({ getToken: (reason) => (reasons.push(reason), token) });
    await env.advance(5_000);
    token = 'new';
    env.socket.end(4401);
    await settle();
    expect(env.socket.protocols).toContain('bearer.new');
    env.socket.welcome();
    await env.advance(5_000);
    env.socket.end(4401);
    await settle();
    expect(client.state.state).toBe('needs_auth');
    expect(reasons).toEqual(['connect', 'rejected', 'rejected']);
  });

  it('[CL6] renews over the open connection, one refresh at a time (centrifuge-dart 129, aspnetcore 5297)', async () => {
    const asked: string[] = [];
    let give: ((token: string) => void) | undefined;
    const { env } = await liveClient({
      getToken: (reason) => {
        asked.push(reason);
        return reason === 'connect' ? 'first' : new Promise((resolve) => (give = resolve));
      },
    });
    env.socket.receive('token_expiring', { expiresAt: '2026-03-02T08:01:00.000Z' });
    env.socket.receive('token_expiring', { expiresAt: '2026-03-02T08:01:00.000Z' });
    await settle();
    give!('second');
    await settle();
    expect(asked).toEqual(['connect', 'expiring']);
    expect(env.socket.of('authenticate').map(({ data }) => data['token'])).toEqual(['second', 'second']);
    expect(env.sockets).toHaveLength(1);
  });

  it('a token source that fails is asked again, as for any failed attempt', async () => {
    let fail = true;
    const { client, env, states } = scriptedClient({
      getToken: () => {
        if (fail) throw new Error('offline');
        return 'token';
      },
    });
    client.connect();
    await settle();
    expect(client.state.state).toBe('waiting');
    fail = false;
    await env.advance(500);
    expect(states.at(-1)).toMatchObject({ state: 'connecting', attempt: 2 });
    expect(env.sockets).toHaveLength(1);
  });

  it('[CL6] another user clears positions, states and queued messages before anything is sent in the new name (supabase-js 2596)', async () => {
    let token = tokenOf('usr_ana');
    const { client, env, notices } = await liveClient({ getToken: () => token });
    const view = client.topic('activities');
    view.subscribe(() => {});
    env.socket.subscribed('activities', { offset: 9, snapshot: [{ id: 'a', activityType: 'CHECK_IN', timestamp: 'x' }] });
    env.socket.end(1006);
    client.sendMessage({ type: 'chat', data: { room: 'staff', text: 'from Ana', clientMessageId: '1' } });
    token = tokenOf('usr_ben');
    await env.advance(1_000);
    expect(view.getSnapshot()).toMatchObject({ state: [], status: { state: 'loading' } });
    env.socket.welcome({ userId: 'usr_ben' });
    env.socket.subscribed('inbox', { offset: 0, snapshot: [] });
    env.socket.subscribed('activities', { offset: 9, snapshot: [] });
    expect(env.socket.subscribeOf('activities').data).not.toHaveProperty('since');
    expect(env.socket.of('chat')).toEqual([]);
    expect(notices.filter(({ kind }) => kind === 'user_changed')).toHaveLength(1);
  });
});

describe('roles', () => {
  it('[AUTH3] a new role starts over: states of the old one are gone, and nothing is resumed', async () => {
    const { client, env } = await liveClient();
    const view = client.topic('system');
    view.subscribe(() => {});
    env.socket.subscribed('system', { offset: 4, snapshot: [{ id: 's', category: 'SECURITY', message: 'x', timestamp: 'x' }] });
    env.socket.receive('authenticated', { expiresAt: 'x', role: 'LIBRARIAN' });
    expect(view.getSnapshot().state).toHaveLength(1);
    env.socket.receive('authenticated', { expiresAt: 'x', role: 'STAFF' });
    await settle();
    env.socket.welcome({ role: 'STAFF' });
    expect(view.getSnapshot().state).toEqual([]);
    expect(env.socket.subscribeOf('system').data).toEqual({ topic: 'system' });
  });

  it('[AUTH3] a role that somebody else changed is told unasked: the token of the old role is replaced', async () => {
    const reasons: string[] = [];
    const { client, env } = await liveClient({ getToken: (reason) => `token ${reasons.push(reason)}` });
    env.socket.receive('authenticated', { expiresAt: 'x', role: 'STAFF' });
    await settle();
    env.socket.welcome({ role: 'STAFF' });
    env.socket.subscribed('inbox', { offset: 0, snapshot: [] });
    expect([client.state.state, reasons]).toEqual(['live', ['connect', 'expiring']]);
  });
});

describe('debugging', () => {
  it('[CL10] ws_debug logs messages and states, tokens masked', async () => {
    const { client, env } = await liveClient({ getToken: () => tokenOf('usr_ana') });
    expect(env.logged).toEqual([]);
    env.settings.set('ws_debug', 'true');
    client.sendMessage({ type: 'authenticate', data: { token: tokenOf('usr_ana') } });
    env.socket.receive('staff_alert', { text: `a stray ${tokenOf('usr_ana')}` });
    env.socket.end(1006);
    const text = JSON.stringify(env.logged);
    expect(env.logged.map((line) => line.text)).toEqual(['[clms] > authenticate', '[clms] < staff_alert', '[clms] state waiting']);
    expect(text).toContain('<token>');
    expect(text).not.toContain('eyJ');
  });
});
