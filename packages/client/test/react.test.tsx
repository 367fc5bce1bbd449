// @vitest-environment jsdom
import { act, render, screen, cleanup } from '@testing-library/react';
import { StrictMode, useContext, useEffect } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RealtimeClient } from '../src/index.ts';
import { WebSocketContext, WebSocketProvider, useConnection, useDebouncedSend, useRealTimeActivities, useTopic, useWebSocket } from '../src/react/index.ts';
import { FakeEnvironment, settle } from './fake-environment.ts';

let env: FakeEnvironment;
let client: RealtimeClient;

beforeEach(() => {
  env = new FakeEnvironment();
  client = new RealtimeClient({ url: 'ws://x/ws', getToken: () => 'token', environment: env });
});
afterEach(cleanup);

const inTree = (children: React.ReactNode) => (
  <StrictMode>
    <WebSocketProvider client={client}>{children}</WebSocketProvider>
  </StrictMode>
);
const turn = (byMs = 0) => act(() => env.advance(byMs));
const welcomed = () => act(async () => {
  await settle();
  env.socket.welcome();
  env.socket.subscribed('inbox', { offset: 0, snapshot: [] });
});
const equipment = (id: string, status: string) => ({ id, name: id, type: 'COMPUTER', status, location: 'Main Library', seats: 1, sessions: [], waiting: 0, version: 1 });

function Board({ type }: { type?: string }) {
  const { state, status, freshness } = useTopic('equipment', type === undefined ? {} : { type });
  return <p data-testid="board">{status.state} {freshness.state} {[...state.values()].map(({ id, status: is }) => `${id}:${is}`).join(',')}</p>;
}

function List() {
  const { activities, isConnected } = useRealTimeActivities();
  return <p data-testid="list">{`${isConnected} ${activities.length} ${activities[0]?.id}`}</p>;
}

describe('React bindings', () => {
  it('[CL9] opens one socket and one subscription under StrictMode (realtime-js 169, partykit 336)', async () => {
    render(inTree(<><Board /><Board /></>));
    await turn();
    await welcomed();
    expect(env.sockets).toHaveLength(1);
    expect(env.socket.of('subscribe').map(({ data }) => data['topic'])).toEqual(['inbox', 'equipment']);
    await turn();
    expect(env.socket.of('unsubscribe')).toEqual([]);
  });

  it('[CL9] draws the state of a topic and unsubscribes when its last user goes', async () => {
    const { rerender } = render(inTree(<Board />));
    await welcomed();
    await act(async () => env.socket.subscribed('equipment', { offset: 1, snapshot: [equipment('pc1', 'AVAILABLE')] }));
    expect(screen.getByTestId('board').textContent).toBe('ready live pc1:AVAILABLE');
    await act(async () => env.socket.event('equipment', 2, 1, 'equipment_update', equipment('pc1', 'IN_USE')));
    expect(screen.getByTestId('board').textContent).toBe('ready live pc1:IN_USE');
    rerender(inTree(<p>nothing</p>));
    await turn();
    expect(env.socket.of('unsubscribe').map(({ data }) => data['topic'])).toEqual(['equipment']);
  });

  it('[CL9] closes the connection when the provider goes, and leaves no timer', async () => {
    const { unmount } = render(inTree(<Board />));
    await welcomed();
    unmount();
    await turn();
    expect(env.socket.closedWith?.code).toBe(1000);
    expect(client.state.state).toBe('closed');
    expect(env.clock.pending).toBe(0);
    expect(env.wakeListeners).toBe(0);
  });

  it('[CL9] shows every message of a burst to an effect on lastMessage, as the guide uses it', async () => {
    const seen: string[] = [];
    function Guide() {
      const { isConnected, lastMessage, sendMessage } = useWebSocket();
      const { subscribe, unsubscribe } = useContext(WebSocketContext)!;
      useEffect(() => {
        subscribe('activities', { activityType: ['CHECK_IN', 'CHECK_OUT'] });
        return () => unsubscribe('activities');
      }, [subscribe, unsubscribe]);
      useEffect(() => {
        if (lastMessage?.type === 'activity_update') seen.push(lastMessage.id);
      }, [lastMessage]);
      return <button onClick={() => sendMessage({ type: 'subscribe', data: { topic: 'equipment', filters: { type: 'COMPUTER' } } })}>{isConnected ? 'Connected' : 'Disconnected'}</button>;
    }
    render(inTree(<Guide />));
    expect(screen.getByRole('button').textContent).toBe('Disconnected');
    await turn();
    await welcomed();
    expect(env.socket.subscribeOf('activities').data['filters']).toEqual({ activityType: ['CHECK_IN', 'CHECK_OUT'] });
    await act(async () => {
      env.socket.subscribed('activities', { offset: 0, snapshot: [] });
      for (let n = 1; n <= 30; n++) env.socket.event('activities', n, n - 1, 'activity_update', { id: `a${n}`, activityType: 'CHECK_IN', timestamp: '2026-03-02T08:00:00.000Z' });
    });
    for (let n = 0; n < 40; n++) await turn();
    expect(new Set(seen).size).toBe(30);
    expect(screen.getByRole('button').textContent).toBe('Connected');
    await act(async () => screen.getByRole('button').click());
    expect(env.socket.subscribeOf('equipment').data['filters']).toEqual({ type: ['COMPUTER'] });
  });

  it('[CL9] the context gives all that the hook gives, and functions that keep their identity', async () => {
    const values: object[] = [];
    function Both() {
      const context = useContext(WebSocketContext);
      expect(context).toBe(useWebSocket());
      values.push(context!);
      return null;
    }
    render(inTree(<Both />));
    await welcomed();
    await act(async () => env.socket.receive('staff_alert', {}));
    expect(Object.keys(values[0]!)).toEqual(expect.arrayContaining(['isConnected', 'connectionState', 'lastMessage', 'sendMessage', 'subscribe', 'unsubscribe']));
    const [first, last] = [values[0]!, values.at(-1)!] as Record<string, unknown>[];
    expect([first!['isConnected'], last!['isConnected']]).toEqual([false, true]);
    for (const name of ['sendMessage', 'subscribe', 'unsubscribe']) expect(last![name]).toBe(first![name]);
  });

  it('[CL9] two users of a topic with different filters share a subscription and see only their own part', async () => {
    render(inTree(<><Board type="COMPUTER" /><Board type="STUDY_ROOM" /></>));
    await welcomed();
    expect(env.socket.subscribeOf('equipment').data['filters']).toEqual({ type: ['COMPUTER', 'STUDY_ROOM'] });
    await act(async () => env.socket.subscribed('equipment', { offset: 1, snapshot: [equipment('pc1', 'AVAILABLE'), { ...equipment('room', 'IN_USE'), type: 'STUDY_ROOM' }] }));
    expect(screen.getAllByTestId('board').map(({ textContent }) => textContent)).toEqual(['ready live pc1:AVAILABLE', 'ready live room:IN_USE']);
  });

  it('[CL9] draws a rush at the pace that was asked for: the first event at once, the others together, none left out', async () => {
    let drawn = 0;
    function Counted() {
      const { state } = useTopic('activities');
      drawn++;
      return <p data-testid="newest">{`${state.length} ${state[0]?.id}`}</p>;
    }
    render(<WebSocketProvider client={client} paceMs={100}><Counted /></WebSocketProvider>);
    await welcomed();
    await act(async () => env.socket.subscribed('activities', { offset: 0, snapshot: [] }));
    await turn(200);
    const event = (n: number) => env.socket.event('activities', n, n - 1, 'activity_update', { id: `a${n}`, activityType: 'CHECK_IN', timestamp: '2026-03-02T08:00:00.000Z' });
    const before = drawn;
    await act(async () => event(1));
    expect(screen.getByTestId('newest').textContent).toBe('1 a1');
    for (let n = 2; n <= 50; n++) await act(async () => event(n));
    expect(drawn - before).toBe(1);
    await turn(100);
    expect(screen.getByTestId('newest').textContent).toBe('50 a50');
    expect(drawn - before).toBe(2);
    await turn(200);
    expect(drawn - before).toBe(2);
  });

  it('[CL9] useRealTimeActivities keeps the newest hundred and says whether it is connected', async () => {
    render(inTree(<List />));
    await welcomed();
    await act(async () => {
      env.socket.subscribed('activities', { offset: 0, snapshot: [] });
      for (let n = 1; n <= 120; n++) env.socket.event('activities', n, n - 1, 'activity_update', { id: `a${n}`, activityType: 'CHECK_IN', timestamp: '2026-03-02T08:00:00.000Z' });
    });
    expect(screen.getByTestId('list').textContent).toBe('true 100 a120');
  });

  it('[CL10] useDebouncedSend sends the last word only, also when the component goes first', async () => {
    let send: ReturnType<typeof useDebouncedSend>;
    function Typing() {
      send = useDebouncedSend(250);
      return null;
    }
    const { rerender } = render(inTree(<Typing />));
    await welcomed();
    const editing = (what: string) => send({ type: 'presence', data: { state: 'active', editing: what } });
    editing('a');
    await turn(200);
    editing('ab');
    await turn(249);
    expect(env.socket.of('presence')).toEqual([]);
    await turn(1);
    expect(env.socket.of('presence').map(({ data }) => data['editing'])).toEqual(['ab']);
    editing('abc');
    rerender(inTree(null));
    expect(env.socket.last('presence').data['editing']).toBe('abc');
  });

  it('[CL1] useConnection follows the state without drawing for messages', async () => {
    let drawn = 0;
    function Chip() {
      const { connectionState } = useConnection();
      drawn++;
      return <p data-testid="chip">{connectionState.state}</p>;
    }
    render(inTree(<Chip />));
    await welcomed();
    expect(screen.getByTestId('chip').textContent).toBe('live');
    const before = drawn;
    await act(async () => env.socket.receive('staff_alert', {}));
    expect(drawn).toBe(before);
    await act(async () => env.socket.end(4403, 'role'));
    expect(screen.getByTestId('chip').textContent).toBe('closed');
  });

  it('a hook outside the provider says what is missing', () => {
    expect(() => render(<Board />)).toThrow(/WebSocketProvider/);
  });
});
