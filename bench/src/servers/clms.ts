import { randomBytes } from 'node:crypto';
import { DEFAULT_HISTORY, MemoryBroker, RedisBroker, systemClock, WebSocketManager, type Identity, type NewEvent, type TopicDefinition } from '@clms/realtime';
import { activityMessage, type ActivityMessage } from '../activity-message.ts';
import { monotonicMicros } from '../monotonic.ts';
import type { BenchServer, StartOptions } from './bench-server.ts';
import { listening } from './raw-upgrade.ts';

/** Longer than any run: the load generator counts frames and answers no heartbeats. */
const HEARTBEAT_MS = 3_600_000;
/** One client in this many is a public screen, which gets a projection of its own. */
const DISPLAY_EVERY = 20;
const TOPIC = 'activities';
const TOPICS = [TOPIC, 'equipment', 'dashboard'];
const UNLIMITED = 1_000_000;

/** The engine as the product runs it: roles, filters, positions and queues on; only limits that would refuse a load generator are lifted. */
export async function startClms(compression: boolean, { port: wanted, kept, missed = 0, redisUrl }: StartOptions): Promise<BenchServer> {
  const broker = redisUrl ? new RedisBroker({ url: redisUrl, clock: systemClock, history: DEFAULT_HISTORY }) : new MemoryBroker({ clock: systemClock, ...(kept && { seed: { [TOPIC]: { epoch: kept.epoch, offset: 0 } } }) });
  const manager = new WebSocketManager({
    topics: TOPICS.map(topicNamed),
    broker,
    clock: systemClock,
    authenticate: async (credential) => ({ kind: 'ok', identity: identityOf('token' in credential ? credential.token : '') }),
    securityLog: () => {},
    config: { enableCompression: compression, heartbeatInterval: HEARTBEAT_MS, connectRateLimit: false, rateLimit: { perSecond: UNLIMITED, burst: UNLIMITED }, maxConnections: UNLIMITED },
  });
  await manager.start();
  let sequence = 0;
  const run = randomBytes(6).toString('hex');
  const publish = (message: ActivityMessage) => manager.publish([eventOf(message, `msg_${run}_${String(++sequence).padStart(10, '0')}`)]);
  if (kept) await manager.publish([...kept.events]);
  for (let i = 0; i < missed; i++) await publish(activityMessage(i, monotonicMicros()));
  const { server, port } = await listening(wanted);
  manager.attach(server);
  return {
    port,
    publish: (message) => void publish(message),
    history: async () => ({ epoch: broker.position(TOPIC).epoch, events: await broker.recent(TOPIC, DEFAULT_HISTORY.size) }),
  };
}

function eventOf(message: ActivityMessage, id: string): NewEvent {
  return { id, topic: TOPIC, type: message.type, timestamp: new Date().toISOString(), data: message.data };
}

function identityOf(token: string): Identity {
  const index = Number(token.split('-')[1]);
  return { userId: token, username: token, role: index % DISPLAY_EVERY === 0 ? 'DISPLAY' : 'STAFF', sessionId: token };
}

function topicNamed(name: string): TopicDefinition {
  return {
    name,
    filters: { location: 'open', studentId: 'open' },
    delivery: 'droppable',
    eventTypes: ['activity_update'],
    audience: ({ role }) => ({ key: role === 'DISPLAY' ? 'public' : 'full' }),
    project: ({ data }, { key }) => (key === 'full' ? data : withoutPerson(data as Record<string, unknown>)),
  };
}

function withoutPerson(data: Record<string, unknown>): Record<string, unknown> {
  return { id: data['id'], activityType: data['activityType'], timestamp: data['timestamp'], location: data['location'], metadata: data['metadata'] };
}
