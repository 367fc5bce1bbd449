import { CLIENT_MESSAGE_TYPES, CUSTOM_TYPE, INBOX, inOwnCase, ROLES, SERVER_MESSAGE_TYPES, TOPICS, TOPIC_NAMES, topicOfEvent, type Dashboard, type TopicName } from '@clms/protocol';
import type { Broker, NewEvent, Target, TopicPosition } from '@clms/realtime';
import Type, { type Static } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import type { Actor } from '../domain/actor.ts';
import { toInstant } from '../domain/instant.ts';
import { Refusal } from '../domain/refusal.ts';
import type { UnitRunner } from '../domain/unit-runner.ts';
import { newEventId, newId } from '../ids.ts';
import { appendToOutbox } from '../store/outbox.ts';
import type { Relay } from './relay.ts';
import { TRANSIENT_TOPICS } from './topics.ts';

const closed = { additionalProperties: false } as const;

/** One message from outside (api.md §1, `POST /api/realtime/publish`). */
export const PublishBody = Type.Object(
  {
    target: Type.Union([
      Type.Object({ topic: Type.String({ minLength: 1, maxLength: 64 }) }, closed),
      Type.Object({ role: Type.Enum(ROLES) }, closed),
      Type.Object({ userId: Type.String({ minLength: 1, maxLength: 128 }) }, closed),
      Type.Object({ all: Type.Literal(true) }, closed),
    ]),
    type: Type.String({ minLength: 1, maxLength: 64 }),
    data: Type.Record(Type.String(), Type.Unknown()),
    excludeClientId: Type.Optional(Type.String({ maxLength: 128 })),
    idempotencyKey: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  },
  closed,
);
export type PublishBody = Static<typeof PublishBody>;

export const PublishAnswer = Type.Object({ topic: Type.String(), epoch: Type.String(), offset: Type.Integer() });

/** A `notification` may also be handed to a role or user directly; the other types of the server stay the server's [DIR3]. */
const RESERVED = new Set<string>([...SERVER_MESSAGE_TYPES, ...CLIENT_MESSAGE_TYPES, ...TOPIC_NAMES.flatMap((topic) => Object.keys(TOPICS[topic].events))].filter((type) => type !== 'notification'));

/** Seconds after which a broker that was away may be back. */
const BROKER_RETRY_S = 5;

const validators = new Map<string, Validator>();

export interface Publisher {
  readonly runner: UnitRunner;
  readonly relay: Relay;
  /** The broker behind the outbox. */
  readonly broker: Broker;
}

/** Publishes messages in order, each once per idempotency key of the caller, and resolves to their positions. All are checked before any is sent. */
export async function publishAll(publisher: Publisher, actor: Actor, bodies: readonly PublishBody[], headerKey: string | undefined): Promise<{ positions: TopicPosition[]; replayed: boolean }> {
  const { runner, relay, broker } = publisher;
  const events = bodies.map((body, index) => eventOf(body, runner.now(), bodies.length > 1 ? `body[${index}]` : 'body'));
  const kept: NewEvent[] = [];
  let replayed = events.length > 0;
  const unkeyed: NewEvent[] = [];
  const flush = (): Promise<void> => runner.run(actor, (unit) => appendToOutbox(unit.db, runner.store.kind, unkeyed.splice(0)));
  for (const [index, event] of events.entries()) {
    const key = bodies[index]!.idempotencyKey ?? (headerKey === undefined ? undefined : `${headerKey}#${index}`);
    if (key === undefined || TRANSIENT_TOPICS.has(event.topic)) {
      replayed = false;
      if (!TRANSIENT_TOPICS.has(event.topic)) unkeyed.push(event);
      kept.push(event);
      continue;
    }
    if (unkeyed.length > 0) await flush();
    const answer = await runner.runOnce(
      actor,
      { account: actor.id, key: `publish:${key}`, request: JSON.stringify(bodies[index]) },
      async (unit) => {
        await appendToOutbox(unit.db, runner.store.kind, [event]);
        return { status: 200, body: event };
      },
      (refusal) => ({ code: refusal.code }),
    );
    replayed &&= answer.replayed;
    kept.push(answer.body as NewEvent);
  }
  if (unkeyed.length > 0) await flush();
  try {
    await relay.catchUp();
    // What the relay carried is known to the broker by its id: this asks for the positions, and sends what does not go through the outbox.
    return { positions: await broker.publish(kept), replayed };
  } catch (error) {
    if (broker.health().state === 'ok') throw error;
    throw new Refusal(503, 'BROKER_UNAVAILABLE', 'Real-time messages cannot be sent now. What was taken goes out when that is over: send this again with the same idempotency key, and it is told once.', { retryAfter: BROKER_RETRY_S });
  }
}

function eventOf(body: PublishBody, now: number, path: string): NewEvent {
  const base = { id: newEventId(now), type: body.type, timestamp: toInstant(now), ...(body.excludeClientId !== undefined && { excludeClientId: body.excludeClientId }) };
  if ('topic' in body.target) {
    const topic = topicNamed(body.target.topic, path);
    const data = topicData(topic, body, now, path);
    // Whoever follows other figures than the ones told here has no use for this event.
    return { ...base, topic, data, ...(body.type === 'dashboard_update' && { meta: { changed: Object.keys((data as Dashboard).metrics) } }) };
  }
  if (!CUSTOM_TYPE.test(body.type)) refuse(`${path}.type`, `A type is 1 to 64 characters of a-z, 0-9 and _, and begins with a letter.`);
  if (RESERVED.has(body.type)) refuse(`${path}.type`, `"${body.type}" is a type of the server's own. Choose another name, or publish a topic event to its topic.`);
  return { ...base, topic: INBOX, data: body.data, target: body.target as Target };
}

function topicNamed(name: string, path: string): TopicName {
  const topic = TOPIC_NAMES.find((candidate) => candidate === name);
  return topic ?? refuse(`${path}.target.topic`, `There is no topic "${name}". Topics: ${TOPIC_NAMES.join(', ')}.`);
}

/** The event's data, completed where the guide's shorter forms leave something out, and valid for its type. */
function topicData(topic: TopicName, body: PublishBody, now: number, path: string): unknown {
  const events: Record<string, Type.TSchema> = TOPICS[topic].events;
  const schema = Object.hasOwn(events, body.type) ? events[body.type] : undefined;
  if (!schema) return refuse(`${path}.type`, `${topic} carries ${Object.keys(events).join(', ')}${topicOfEvent(body.type) ? `; "${body.type}" belongs to ${topicOfEvent(body.type)}` : ''}.`);
  const data = completed(body.type, body.data, now);
  let validator = validators.get(body.type);
  if (!validator) validators.set(body.type, (validator = Compile(schema)));
  if (validator.Check(data)) return data;
  const inCase = inOwnCase(schema, data);
  if (validator.Check(inCase)) return inCase;
  const errors = [...validator.Errors(data)].slice(0, 10).map((error) => ({ path: `${path}.data${error.instancePath.replaceAll('/', '.')}`, message: error.message }));
  throw new Refusal(400, 'INVALID_REQUEST', `This is not a valid ${body.type}: ${errors[0]?.path} ${errors[0]?.message}.`, { errors });
}

function completed(type: string, data: Record<string, unknown>, now: number): Record<string, unknown> {
  const stamped = { timestamp: toInstant(now), ...data };
  switch (type) {
    case 'equipment_update': return { seats: 1, sessions: [], waiting: 0, version: 0, ...data };
    case 'dashboard_update': return { ...stamped, alerts: (Array.isArray(data['alerts']) ? data['alerts'] : []).map((alert: object) => ({ severity: 'INFO', ...alert })) };
    case 'notification': return { id: newId('notice'), actionable: Array.isArray(data['actions']), ...stamped };
    case 'emergency_alert': return { id: newId('emergency'), state: 'ACTIVE', raisedAt: toInstant(now), ...stamped };
    case 'activity_update': return { id: newId('activity'), ...stamped };
    case 'system_update': return { id: newId('system'), ...stamped };
    case 'chat_message': return { id: newId('chat'), ...stamped };
    default: return stamped;
  }
}

function refuse(path: string, message: string): never {
  throw new Refusal(400, 'INVALID_REQUEST', message, { errors: [{ path, message }] });
}
