import { beforeEach, describe, expect, it } from 'vitest';
import { scriptedClient } from './connected-client.ts';
import { FakeBrowser, type FakeTab } from './fake-browser.ts';
import { settle } from './fake-environment.ts';

let browser: FakeBrowser;
const all: FakeTab[] = [];

beforeEach(() => {
  browser = new FakeBrowser();
  all.length = 0;
});

async function open(options: object = {}) {
  const tab = browser.openTab();
  all.push(tab);
  const scripted = scriptedClient(options, tab);
  const view = scripted.client.topic('activities');
  const unlisten = view.subscribe(() => {});
  scripted.client.connect();
  await settle();
  return { ...scripted, tab, view, unlisten, ids: () => scripted.messages.filter(({ topic }) => topic === 'activities').map(({ id }) => id) };
}

const sockets = () => all.flatMap((tab) => tab.sockets);
const activity = (n: number) => ({ id: `a${n}`, activityType: 'CHECK_IN', timestamp: '2026-03-02T08:00:00.000Z' });
const chat = (id: string) => ({ type: 'chat', id, data: { room: 'staff', text: id, clientMessageId: id } });
const advance = async (byMs: number) => {
  await settle();
  await browser.clock.advanceAsync(byMs, settle);
};

/** A first tab, connected and live. */
async function leading() {
  const first = await open();
  first.env.socket.welcome();
  first.env.socket.subscribed('inbox', { offset: 0, snapshot: [] });
  first.env.socket.subscribed('activities', { offset: 1, snapshot: [activity(1)] });
  await settle();
  return { first, socket: first.env.socket };
}

describe('tabs of one browser', () => {
  it('[CL8] fifteen tabs open one socket, and all are live (socket.io 5095, tldraw 8949)', async () => {
    const { first } = await leading();
    const others = [];
    for (let n = 0; n < 14; n++) others.push(await open());
    expect(sockets()).toHaveLength(1);
    for (const { client, view } of [first, ...others]) {
      expect(client.state.state).toBe('live');
      expect(view.getSnapshot()).toMatchObject({ status: { state: 'ready' }, freshness: { state: 'live' } });
      expect(view.getSnapshot().state.map(({ id }) => id)).toEqual(['a1']);
    }
  });

  it('[CL8] every tab gets every event once, in order', async () => {
    const { first, socket } = await leading();
    const second = await open();
    for (let n = 2; n <= 5; n++) socket.event('activities', n, n - 1, 'activity_update', activity(n));
    await settle();
    const expected = [2, 3, 4, 5].map((n) => `evt_activities_${n}`);
    expect(first.ids()).toEqual(expected);
    expect(second.ids()).toEqual(expected);
    expect(second.view.getSnapshot().state[0]!.id).toBe('a5');
  });

  it('[CL8] a topic that only another tab wants is subscribed for it, and given up when that tab goes, however it goes', async () => {
    const { socket } = await leading();
    for (const leave of [(tab: Awaited<ReturnType<typeof open>>) => tab.client.close(), (tab: Awaited<ReturnType<typeof open>>) => browser.kill(tab.tab)]) {
      const second = await open();
      const system = second.client.topic('system', { category: 'IMPORT' });
      system.subscribe(() => {});
      await settle();
      expect(socket.subscribeOf('system').data['filters']).toEqual({ category: ['IMPORT'] });
      socket.subscribed('system', { offset: 3, filters: { category: ['IMPORT'] }, snapshot: [{ id: 's', category: 'IMPORT', message: 'x', timestamp: 'x' }] });
      await settle();
      expect(system.getSnapshot().state.map(({ id }) => id)).toEqual(['s']);
      socket.sent.length = 0;
      leave(second);
      await advance(0);
      await advance(0);
      expect(socket.of('unsubscribe').map(({ data }) => data['topic'])).toEqual(['system']);
    }
  });

  it('[CL8] when the leader dies another tab takes over from the same position and misses nothing (tldraw 8949)', async () => {
    const { first, socket } = await leading();
    const second = await open();
    const third = await open();
    socket.event('activities', 2, 1, 'activity_update', activity(2));
    await settle();
    browser.kill(first.tab);
    await settle();
    expect(second.env.sockets).toHaveLength(1);
    const next = second.env.socket;
    next.welcome();
    expect(next.subscribeOf('activities').data['since']).toEqual({ epoch: 'e1', offset: 2 });
    next.subscribed('inbox', { offset: 0, recovered: true });
    next.receive('position', { topic: 'inbox', offset: 0 });
    next.subscribed('activities', { offset: 4, recovered: true });
    await settle();
    next.event('activities', 3, 2, 'activity_update', activity(3));
    next.event('activities', 4, 3, 'activity_update', activity(4));
    next.receive('position', { topic: 'activities', offset: 4 });
    await settle();
    const expected = [2, 3, 4].map((n) => `evt_activities_${n}`);
    expect(second.ids()).toEqual(expected);
    expect(third.ids()).toEqual(expected);
    expect(third.client.state.state).toBe('live');
    expect(third.notices).toEqual([]);
  });

  it('[CL8] topics that the next leader does not follow itself go on from where the tabs stand that do', async () => {
    const { first } = await leading();
    const second = await open();
    const third = await open();
    const system = third.client.topic('system');
    system.subscribe(() => {});
    await settle();
    first.env.socket.subscribed('system', { offset: 3, snapshot: [] });
    await settle();
    browser.kill(first.tab);
    await settle();
    const next = second.env.socket;
    next.welcome();
    await settle();
    expect(next.subscribeOf('system').data).toEqual({ topic: 'system', since: { epoch: 'e1', offset: 3 }, snapshot: true });
    const news = (n: number) => ({ id: `s${n}`, category: 'IMPORT', message: 'x', timestamp: `2026-03-02T08:00:0${n}.000Z` });
    next.subscribed('system', { offset: 5, recovered: true, snapshot: [news(5), news(4)] });
    for (const n of [4, 5]) next.event('system', n, n - 1, 'system_update', news(n));
    next.receive('position', { topic: 'system', offset: 5 });
    await settle();
    next.event('system', 6, 5, 'system_update', news(6));
    await settle();
    const heard = ({ messages }: typeof third) => messages.filter(({ topic }) => topic === 'system').map(({ id }) => id);
    expect(heard(third)).toEqual([4, 5, 6].map((n) => `evt_system_${n}`));
    expect(system.getSnapshot()).toMatchObject({ status: { state: 'ready' }, freshness: { state: 'live' } });
    expect(system.getSnapshot().state.map(({ id }) => id)).toEqual(['s6', 's5', 's4']);
    expect(third.notices).toEqual([]);
    // What only others follow is not for this tab's application, though it has the connection.
    expect(heard(second)).toEqual([]);
  });

  it('[CL8] a tab that has heard less than the leader is told the rest by the server, and the others hear nothing twice', async () => {
    const { first } = await leading();
    const second = await open();
    first.tab.freeze();
    second.env.wake('visible');
    await advance(3_000);
    const next = second.env.socket;
    next.welcome();
    next.subscribed('inbox', { offset: 0, recovered: true });
    next.subscribed('activities', { offset: 1, recovered: true });
    for (const n of [2, 3]) next.event('activities', n, n - 1, 'activity_update', activity(n));
    first.tab.thaw();
    await advance(0);
    expect(next.subscribeOf('activities').data).toEqual({ topic: 'activities', since: { epoch: 'e1', offset: 1 } });
    next.subscribed('activities', { offset: 3, recovered: true });
    for (const n of [2, 3]) next.event('activities', n, n - 1, 'activity_update', activity(n));
    next.receive('position', { topic: 'activities', offset: 3 });
    next.event('activities', 4, 3, 'activity_update', activity(4));
    await settle();
    const expected = [2, 3, 4].map((n) => `evt_activities_${n}`);
    expect([first.ids(), second.ids()]).toEqual([expected, expected]);
    expect([first.notices, second.notices]).toEqual([[], []]);
    expect(first.view.getSnapshot().freshness.state).toBe('live');
  });

  it('[CL8] [SUB5] a tab that follows more hears what lies between, once, and is told of no loss', async () => {
    const { socket } = await leading();
    const second = await open();
    const follow = (filters?: { category: 'IMPORT' }) => second.client.topic('system', filters).subscribe(() => {});
    const news = (n: number) => ({ id: `s${n}`, category: 'IMPORT', message: 'x', timestamp: `2026-03-02T08:00:0${n}.000Z` });
    follow({ category: 'IMPORT' });
    await settle();
    socket.subscribed('system', { offset: 3, filters: { category: ['IMPORT'] }, snapshot: [news(3)] });
    await settle();
    follow();
    await settle();
    expect(socket.subscribeOf('system').data).toEqual({ topic: 'system', since: { epoch: 'e1', offset: 3 }, snapshot: true });
    socket.subscribed('system', { offset: 5, filters: {}, recovered: true, snapshot: [5, 4, 3].map(news) });
    for (const n of [4, 5]) socket.event('system', n, n - 1, 'system_update', news(n));
    socket.receive('position', { topic: 'system', offset: 5 });
    await settle();
    expect(second.messages.filter(({ topic }) => topic === 'system').map(({ offset }) => offset)).toEqual([4, 5]);
    expect(second.notices).toEqual([]);
    expect(second.client.topic('system').getSnapshot()).toMatchObject({ status: { state: 'ready' }, freshness: { state: 'live' }, state: [5, 4, 3].map(news) });
  });

  it('[CL8] where the server has not kept what a tab has missed, that tab is told', async () => {
    const { first } = await leading();
    const second = await open();
    first.tab.freeze();
    second.env.wake('visible');
    await advance(3_000);
    const next = second.env.socket;
    next.welcome();
    next.subscribed('activities', { offset: 1, recovered: true });
    for (const n of [2, 3]) next.event('activities', n, n - 1, 'activity_update', activity(n));
    first.tab.thaw();
    await advance(0);
    next.subscribed('activities', { offset: 3, recovered: false, snapshot: [activity(3)] });
    await settle();
    expect(first.notices).toContainEqual({ kind: 'reset', topic: 'activities' });
    expect(first.view.getSnapshot().state.map(({ id }) => id)).toEqual(['a3']);
    expect(first.client.state.state).not.toBe('closed');
  });

  it('[CL8] closing the leader is a takeover too', async () => {
    const { first } = await leading();
    const second = await open();
    first.client.close();
    await settle();
    expect(first.env.socket.closedWith?.code).toBe(1000);
    expect(second.env.sockets).toHaveLength(1);
    expect(first.client.state.state).toBe('closed');
  });

  it('[CL5] a message of another tab goes over the shared connection, and again if the leader died before its answer', async () => {
    const { first, socket } = await leading();
    const second = await open();
    second.client.sendMessage(chat('m1'));
    second.client.sendMessage(chat('m2'));
    await settle();
    expect(socket.of('chat').map(({ id }) => id)).toEqual(['m1', 'm2']);
    socket.receive('acked', {}, { replyTo: 'm1' });
    await settle();
    browser.kill(first.tab);
    await settle();
    second.env.socket.welcome();
    second.env.socket.subscribed('inbox', { offset: 0, recovered: true });
    second.env.socket.subscribed('activities', { offset: 1, recovered: true });
    await settle();
    expect(second.env.socket.of('chat').map(({ id }) => id)).toEqual(['m2']);
  });

  it('[CL1] the other tabs show the state of the connection', async () => {
    const { socket } = await leading();
    const second = await open();
    socket.end(1006);
    await settle();
    expect(second.client.state.state).toBe('waiting');
    expect(second.view.getSnapshot().freshness.state).toBe('stale');
  });

  it('[CL8] a frozen leader loses its place to a tab that is looked at, and follows when it thaws', async () => {
    const { first } = await leading();
    const second = await open();
    first.tab.freeze();
    second.env.wake('visible');
    await advance(3_000);
    expect(second.env.sockets).toHaveLength(1);
    first.tab.thaw();
    await settle();
    expect(first.env.socket.closedWith).toBeDefined();
    second.env.socket.welcome();
    second.env.socket.subscribed('inbox', { offset: 0, recovered: true });
    second.env.socket.subscribed('activities', { offset: 1, recovered: true });
    await advance(3_000);
    expect(first.client.state.state).toBe('live');
    expect(sockets()).toHaveLength(2);
  });

  it('[POS3] the proof of freshness and the server\'s time reach all tabs', async () => {
    const { socket } = await leading();
    const second = await open();
    await advance(25_000);
    socket.pong({ activities: { epoch: 'e1', offset: 1, prev: 1 } }, '2026-03-02T10:00:00.000Z');
    await settle();
    expect(second.view.getSnapshot().freshness).toEqual({ state: 'live', provenAt: '2026-03-02T10:00:00.000Z' });
    expect(second.client.serverNow()).toBe(Date.parse('2026-03-02T10:00:00.000Z'));
  });

  it('a refused topic is refused in every tab', async () => {
    const { socket } = await leading();
    const second = await open();
    const analytics = second.client.topic('analytics');
    analytics.subscribe(() => {});
    await settle();
    socket.receive('error', { code: 'UNAUTHORIZED', message: 'no', timestamp: 'x' }, { replyTo: socket.subscribeOf('analytics').id });
    await settle();
    expect(analytics.getSnapshot().status).toEqual({ state: 'refused', code: 'UNAUTHORIZED', message: 'no' });
  });

  it('[CL6] a new tab makes a leader without a token look again: somebody may have signed in meanwhile', async () => {
    let token: string | null = null;
    const first = await open({ getToken: () => token });
    expect(first.client.state.state).toBe('needs_auth');
    token = 'token';
    const second = await open({ getToken: () => token });
    first.env.socket.welcome();
    await settle();
    expect([first.client.state.state, second.client.state.state]).toEqual(['catching_up', 'catching_up']);
    expect(sockets()).toHaveLength(1);
  });

  it('[CL8] can be switched off, and scopes do not share', async () => {
    await leading();
    await open({ shareTabs: false });
    await open({ scope: 'kiosk' });
    expect(sockets()).toHaveLength(3);
  });

  it('[CL6] a user switch in the leader clears the other tabs', async () => {
    const { first, socket } = await leading();
    const second = await open();
    socket.end(1006);
    await advance(500);
    first.env.socket.welcome({ userId: 'usr_ben' });
    await settle();
    expect(second.view.getSnapshot().state).toEqual([]);
    expect(second.notices).toContainEqual({ kind: 'user_changed' });
  });

  it('leaves no timer when all tabs are closed', async () => {
    const { first } = await leading();
    const second = await open();
    second.client.close();
    first.client.close();
    await advance(0);
    expect(browser.clock.pending).toBe(0);
  });
});
