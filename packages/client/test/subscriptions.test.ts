import { describe, expect, it } from 'vitest';
import { liveClient, scriptedClient } from './connected-client.ts';
import { settle } from './fake-environment.ts';

const item = (id: string, more: object = {}) => ({ id, name: id, type: 'COMPUTER', status: 'AVAILABLE', location: 'Main Library', seats: 1, sessions: [], waiting: 0, version: 1, ...more });
const direct = (n: number, delivered: boolean) => ({ id: `evt_inbox_${n}`, timestamp: `2026-03-02T08:0${n}:00.000Z`, type: 'staff_alert', data: n, offset: n, delivered });
const notHeard = () => {};

describe('subscriptions', () => {
  it('[SUB5] a wider user of a topic widens the subscription, with a snapshot for what the position does not vouch for', async () => {
    const { client, env } = await liveClient();
    client.topic('equipment', { type: 'computer' }).subscribe(notHeard);
    env.socket.subscribed('equipment', { offset: 3, filters: { type: ['COMPUTER'] }, snapshot: [item('pc1')] });
    const all = client.topic('equipment');
    all.subscribe(notHeard);
    const wider = { topic: 'equipment', since: { epoch: 'e1', offset: 3 }, snapshot: true };
    expect(env.socket.subscribeOf('equipment').data).toEqual(wider);
    env.socket.end(1006);
    await env.advance(500);
    env.socket.welcome();
    expect(env.socket.subscribeOf('equipment').data).toEqual(wider);
    env.socket.subscribed('equipment', { offset: 4, recovered: true, filters: {}, snapshot: [item('pc1'), item('room', { type: 'STUDY_ROOM' })] });
    expect([...all.getSnapshot().state.keys()]).toEqual(['pc1', 'room']);
  });

  it('[SUB5] [CL4] what happened before the wider snapshot is heard, once, and takes nothing back in the state', async () => {
    const { client, env, messages, notices } = await liveClient();
    client.topic('equipment', { type: 'computer' }).subscribe(notHeard);
    env.socket.subscribed('equipment', { offset: 3, filters: { type: ['COMPUTER'] }, snapshot: [item('pc1')] });
    const all = client.topic('equipment');
    all.subscribe(notHeard);
    env.socket.subscribed('equipment', { offset: 5, recovered: true, filters: {}, snapshot: [item('pc1', { status: 'BROKEN' })] });
    env.socket.event('equipment', 4, 3, 'equipment_update', item('pc1', { status: 'IN_USE' }));
    expect(all.getSnapshot().state.get('pc1')).toMatchObject({ status: 'BROKEN' });
    env.socket.event('equipment', 5, 4, 'equipment_update', item('pc1', { status: 'BROKEN' }));
    env.socket.receive('position', { topic: 'equipment', offset: 5 });
    env.socket.event('equipment', 6, 5, 'equipment_update', item('pc1', { status: 'AVAILABLE' }));
    expect(all.getSnapshot()).toMatchObject({ status: { state: 'ready' }, freshness: { state: 'live' } });
    expect(all.getSnapshot().state.get('pc1')).toMatchObject({ status: 'AVAILABLE' });
    expect(messages.filter(({ topic }) => topic === 'equipment').map(({ offset }) => offset)).toEqual([4, 5, 6]);
    expect(notices).toEqual([]);
  });

  it('[SUB5] an answer to a subscribe that another has followed counts for nothing', async () => {
    const { client, env, messages } = await liveClient();
    const room = client.topic('equipment', { location: 'Lab' });
    room.subscribe(notHeard);
    const first = env.socket.subscribeOf('equipment');
    client.topic('equipment').subscribe(notHeard);
    const second = env.socket.subscribeOf('equipment');
    env.socket.receive('subscribed', { topic: 'equipment', filters: { location: ['Lab'] }, epoch: 'e0', offset: 9, snapshot: [item('old')] }, { replyTo: first.id });
    env.socket.receive('error', { code: 'MESSAGE_HANDLER_ERROR', message: 'no', timestamp: '' }, { replyTo: first.id });
    await env.advance(10_000);
    expect(env.socket.subscribeOf('equipment')).toBe(second);
    expect(room.getSnapshot().status.state).toBe('loading');
    env.socket.subscribed('equipment', { offset: 2, snapshot: [item('pc1', { location: 'Lab' })] });
    expect([...room.getSnapshot().state.keys()]).toEqual(['pc1']);
    expect(messages.filter(({ replyTo }) => replyTo === first.id)).toEqual([]);
  });

  it('a narrower user of a topic costs no message', async () => {
    const { client, env } = await liveClient();
    client.topic('equipment').subscribe(notHeard);
    env.socket.subscribed('equipment', { offset: 3, snapshot: [item('pc1'), item('room', { type: 'STUDY_ROOM' })] });
    const rooms = client.topic('equipment', { type: 'study_room' });
    rooms.subscribe(notHeard);
    expect(env.socket.of('subscribe').filter(({ data }) => data['topic'] === 'equipment')).toHaveLength(1);
    expect([...rooms.getSnapshot().state.keys()]).toEqual(['room']);
  });

  it('a handler gets only the events that pass its own filters', async () => {
    const { client, env } = await liveClient();
    const seen: string[] = [];
    client.subscribe('equipment', { status: 'IN_USE' }, ({ data }) => seen.push(data.id));
    client.subscribe('equipment', { status: 'MAINTENANCE' });
    env.socket.subscribed('equipment', { offset: 0, snapshot: [] });
    env.socket.event('equipment', 1, 0, 'equipment_update', item('pc1', { status: 'MAINTENANCE' }));
    env.socket.event('equipment', 2, 1, 'equipment_update', item('pc2', { status: 'IN_USE' }));
    expect(seen).toEqual(['pc2']);
  });

  it('an item that no longer passes the filter leaves the view', async () => {
    const { client, env } = await liveClient();
    const free = client.topic('equipment', { status: 'AVAILABLE', type: 'COMPUTER' });
    free.subscribe(notHeard);
    expect(env.socket.subscribeOf('equipment').data['filters']).toEqual({ type: ['COMPUTER'] });
    env.socket.subscribed('equipment', { offset: 0, snapshot: [item('pc1'), item('pc2')] });
    env.socket.event('equipment', 1, 0, 'equipment_update', item('pc1', { status: 'IN_USE' }));
    expect([...free.getSnapshot().state.keys()]).toEqual(['pc2']);
  });

  it('[CL4] a handler that throws neither stops the others nor makes the event come again', async () => {
    const { client, env, messages } = await liveClient();
    client.subscribe('equipment', {}, () => {
      throw new Error('broken handler');
    });
    env.socket.subscribed('equipment', { offset: 0, snapshot: [] });
    env.socket.event('equipment', 1, 0, 'equipment_update', item('pc1'));
    env.socket.event('equipment', 1, 0, 'equipment_update', item('pc1'));
    expect(messages.filter(({ topic }) => topic === 'equipment')).toHaveLength(1);
    expect(env.logged).toHaveLength(1);
    expect(env.socket.of('subscribe').filter(({ data }) => data['topic'] === 'equipment')).toHaveLength(1);
  });

  it('[CL4] a gap resubscribes that topic alone', async () => {
    const { client, env } = await liveClient();
    client.subscribe('equipment');
    client.subscribe('activities');
    env.socket.subscribed('equipment', { offset: 4, snapshot: [] });
    env.socket.subscribed('activities', { offset: 7, snapshot: [] });
    env.socket.sent.length = 0;
    env.socket.receive('gap', { topic: 'activities', from: 8, to: 20, reason: 'SLOW', epoch: 'e1' });
    expect(env.socket.sent.map(({ data }) => data)).toEqual([{ topic: 'activities', since: { epoch: 'e1', offset: 7 } }]);
  });

  it('[CL4] a position that was on its way behind a gap does not pass for what the gap lost', async () => {
    const { client, env } = await liveClient();
    const seen: string[] = [];
    client.subscribe('activities', {}, ({ id }) => seen.push(id));
    env.socket.subscribed('activities', { offset: 7, snapshot: [] });
    env.socket.receive('gap', { topic: 'activities', from: 8, to: 8, reason: 'SLOW', epoch: 'e1' });
    env.socket.receive('position', { topic: 'activities', offset: 9 });
    env.socket.subscribed('activities', { offset: 9, recovered: true });
    env.socket.event('activities', 8, 7, 'activity_update', { id: 'a8' });
    expect(seen).toEqual(['evt_activities_8']);
  });

  it('[POS3] a pong moves positions, proves freshness by the server\'s clock, and reveals a silent loss', async () => {
    const { client, env } = await liveClient();
    const view = client.topic('equipment');
    view.subscribe(notHeard);
    env.socket.subscribed('equipment', { offset: 4, snapshot: [] });
    await env.advance(25_000);
    env.socket.pong({ equipment: { epoch: 'e1', offset: 9, prev: 4 } }, '2026-03-02T08:00:25.000Z');
    expect(view.getSnapshot().freshness).toEqual({ state: 'live', provenAt: '2026-03-02T08:00:25.000Z' });
    await env.advance(25_000);
    env.socket.pong({ equipment: { epoch: 'e1', offset: 12, prev: 11 } });
    expect(env.socket.subscribeOf('equipment').data['since']).toEqual({ epoch: 'e1', offset: 9 });
    env.socket.subscribed('equipment', { offset: 12, recovered: true });
    await env.advance(25_000);
    env.socket.pong({ equipment: { epoch: 'e2', offset: 0, prev: 0 } });
    expect(env.socket.of('subscribe').filter(({ data }) => data['topic'] === 'equipment')).toHaveLength(2);
    env.socket.receive('position', { topic: 'equipment', offset: 12 });
    await env.advance(25_000);
    env.socket.pong({ equipment: { epoch: 'e2', offset: 0, prev: 0 } });
    expect(env.socket.of('subscribe').filter(({ data }) => data['topic'] === 'equipment')).toHaveLength(3);
  });

  it('a topic that the role may not have is refused with the server\'s words, and does not hold up the rest', async () => {
    const { client, env } = await liveClient();
    const view = client.topic('analytics');
    view.subscribe(notHeard);
    const request = env.socket.subscribeOf('analytics');
    env.socket.receive('error', { code: 'UNAUTHORIZED', message: 'not for STAFF', timestamp: 'x' }, { replyTo: request.id });
    expect(view.getSnapshot().status).toEqual({ state: 'refused', code: 'UNAUTHORIZED', message: 'not for STAFF' });
    expect(client.state.state).toBe('live');
  });

  it('[AUTH3] a topic taken away after a change of role is refused, and its state is gone', async () => {
    const { client, env } = await liveClient();
    const view = client.topic('analytics');
    view.subscribe(notHeard);
    env.socket.subscribed('analytics', { offset: 1, snapshot: [{ series: 'visits', date: '2026-03-02', totals: {}, timestamp: 'x' }] });
    env.socket.receive('unsubscribed', { topic: 'analytics', reason: 'FORBIDDEN' });
    expect(view.getSnapshot()).toMatchObject({ state: [], status: { state: 'refused' } });
  });

  it('without a message to answer, an error says by its details which topic is refused', async () => {
    const { client, env } = await liveClient();
    const view = client.topic('analytics');
    view.subscribe(notHeard);
    env.socket.receive('error', { code: 'UNAUTHORIZED', message: 'no', details: { topic: 'analytics' }, timestamp: 'x' });
    expect(view.getSnapshot().status.state).toBe('refused');
  });

  it('a subscribe that fails inside the server or for speed is asked again', async () => {
    const { client, env } = await liveClient();
    client.subscribe('system');
    const refuse = (code: string, details: object) => env.socket.receive('error', { code, message: '', details, timestamp: 'x' }, { replyTo: env.socket.subscribeOf('system').id });
    refuse('RATE_LIMIT', { retryAfterMs: 300 });
    await env.advance(300);
    refuse('SERVER_ERROR', {});
    await env.advance(2_000);
    expect(env.socket.of('subscribe').filter(({ data }) => data['topic'] === 'system')).toHaveLength(3);
  });

  it('[CL5] a topic in trouble does not hold back what is to be sent', async () => {
    const { client, env } = scriptedClient();
    client.subscribe('system');
    client.connect();
    await settle();
    env.socket.welcome();
    client.sendMessage({ type: 'presence', data: { state: 'active' } });
    env.socket.subscribed('inbox', { offset: 0, snapshot: [] });
    expect(env.socket.of('presence')).toEqual([]);
    env.socket.receive('error', { code: 'MESSAGE_HANDLER_ERROR', message: '', timestamp: 'x' }, { replyTo: env.socket.subscribeOf('system').id });
    expect(env.socket.of('presence')).toHaveLength(1);
  });

  it('by name: the last unsubscribe lets go, and a subscribe message replaces its filters', async () => {
    const { client, env } = await liveClient();
    client.subscribeTo('system', { category: 'IMPORT' });
    client.subscribeTo('system', { category: 'STATUS' });
    expect(env.socket.subscribeOf('system').data['filters']).toEqual({ category: ['IMPORT', 'STATUS'] });
    client.unsubscribeFrom('system');
    await env.advance(0);
    expect(env.socket.of('unsubscribe')).toEqual([]);
    client.unsubscribeFrom('system');
    await env.advance(0);
    expect(env.socket.of('unsubscribe')).toHaveLength(1);
    client.sendMessage({ type: 'SUBSCRIBE', data: { topic: 'chat', filters: { room: 'staff' } } });
    client.sendMessage({ type: 'subscribe', data: { topic: 'chat' } });
    expect(env.socket.subscribeOf('chat').data).toEqual({ topic: 'chat' });
    client.sendMessage({ type: 'unsubscribe', data: { topic: 'chat' } });
    await env.advance(0);
    expect(env.socket.last('unsubscribe').data).toEqual({ topic: 'chat' });
  });

  it('[DIR2] direct messages that waited reach the application once, oldest first; delivered ones do not', async () => {
    const { env, client, messages } = await liveClient();
    env.socket.event('inbox', 1, 0, 'staff_alert', { text: 'live' });
    env.socket.end(1006);
    await env.advance(500);
    env.socket.welcome();
    env.socket.subscribed('inbox', { epoch: 'e2', offset: 4, recovered: false, snapshot: [direct(4, false), direct(3, false), direct(2, true), direct(1, false)] });
    expect(messages.filter(({ topic }) => topic === 'inbox').map(({ id }) => id)).toEqual(['evt_inbox_1', 'evt_inbox_3', 'evt_inbox_4']);
    expect(client.topic('inbox').getSnapshot().state).toHaveLength(4);
  });

  it('[CL4] serverNow follows the server, not the device', async () => {
    const { client, env } = await liveClient();
    await env.advance(25_000);
    await env.advance(100);
    env.socket.pong({}, '2026-03-02T09:00:00.000Z');
    expect(client.serverNow()).toBe(Date.parse('2026-03-02T09:00:00.050Z'));
  });
});
