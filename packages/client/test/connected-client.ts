import { RealtimeClient, type ClientNotice, type ConnectionState, type RealtimeClientOptions } from '../src/index.ts';
import { FakeEnvironment, settle } from './fake-environment.ts';

/** A client over a scripted server, with all that it told. */
export function scriptedClient(options: Partial<RealtimeClientOptions> = {}, env = new FakeEnvironment()) {
  const client = new RealtimeClient({ url: 'ws://x/ws', getToken: () => 'token', environment: env, ...options });
  const states: ConnectionState[] = [];
  const notices: ClientNotice[] = [];
  const messages: { readonly type: string; readonly id: string; readonly topic?: string; readonly offset?: number; readonly replyTo?: string; readonly data?: unknown }[] = [];
  client.onState((state) => states.push(state));
  client.onNotice((notice) => notices.push(notice));
  client.onMessage((message) => messages.push(message));
  return { env, client, states, notices, messages };
}

/** The same, connected and up to date, with nothing held but the inbox. */
export async function liveClient(options: Partial<RealtimeClientOptions> = {}, env = new FakeEnvironment()) {
  const scripted = scriptedClient(options, env);
  scripted.client.connect();
  await settle();
  env.socket.welcome();
  env.socket.subscribed('inbox', { offset: 0, snapshot: [] });
  return scripted;
}

/** A JWT that says who it is for, unsigned: the client only reads it. */
export const tokenOf = (userId: string, serial = 0): string => `eyJhbGciOiJub25lIn0.${btoa(JSON.stringify({ sub: userId, serial })).replaceAll('=', '')}.x`;
