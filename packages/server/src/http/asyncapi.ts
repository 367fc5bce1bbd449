import type { TSchema } from 'typebox';
import { CLIENT_MESSAGES, DIRECT_MESSAGE_TYPES, INBOX, ROLES, SERVER_MESSAGES, SUBPROTOCOL, TOPIC_NAMES, TOPICS, type TopicSpec } from '@clms/protocol';

type Json = Record<string, unknown>;

const plain = (schema: TSchema): Json => JSON.parse(JSON.stringify(schema)) as Json;
const ref = (path: string): Json => ({ $ref: `#/${path}` });
const Instant = { type: 'string', format: 'date-time' };

/**
 * The WebSocket side as an AsyncAPI 3 document, from the schemas of the wire. One channel, the socket: what a client sends,
 * what the server answers, and the events of every topic with the filters and roles of each.
 */
export function asyncApiDocument(version: string, websocketPath: string): object {
  const sent = entries('client', CLIENT_MESSAGES, clientMessage);
  const answered = entries('server', SERVER_MESSAGES, serverMessage);
  const events = TOPIC_NAMES.flatMap((topic) => Object.entries(TOPICS[topic].events as Record<string, TSchema>).map(([type, schema]) => [`event_${type}`, topicEvent(topic, type, schema)] as const));
  const direct = DIRECT_MESSAGE_TYPES.map((type) => [`direct_${type}`, directMessage(type)] as const);
  const messages = Object.fromEntries([...sent, ...answered, ...events, ...direct]);
  const fromServer = [...answered, ...events, ...direct].map(([name]) => name);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'CLMS in real time',
      version,
      description: `WebSocket subprotocol \`${SUBPROTOCOL}\`: text frames, one JSON object each. Credentials: an Authorization header, the subprotocol entry \`bearer.<token>\`, or \`?ticket=\` from POST /api/auth/ws-ticket.`,
    },
    defaultContentType: 'application/json',
    servers: { dedicated: { host: '{host}:3002', protocol: 'ws', description: 'the port for sockets alone', variables: { host: { default: 'localhost' } } }, shared: { host: '{host}:3001', protocol: 'ws', description: 'the port of the web app', variables: { host: { default: 'localhost' } } } },
    channels: {
      socket: {
        address: websocketPath,
        description: 'Everything travels on one socket; topics are subscribed to by message.',
        messages: Object.fromEntries(Object.keys(messages).map((name) => [name, ref(`components/messages/${name}`)])),
        'x-topics': Object.fromEntries(TOPIC_NAMES.map((topic) => [topic, topicTable(TOPICS[topic])])),
      },
    },
    operations: {
      receive: { action: 'receive', summary: 'What a client sends.', channel: ref('channels/socket'), messages: sent.map(([name]) => ref(`channels/socket/messages/${name}`)) },
      send: { action: 'send', summary: 'What the server sends.', channel: ref('channels/socket'), messages: fromServer.map((name) => ref(`channels/socket/messages/${name}`)) },
    },
    components: { messages },
  };
}

function entries(prefix: string, schemas: Readonly<Record<string, TSchema>>, make: (type: string, schema: TSchema) => Json): [string, Json][] {
  return Object.entries(schemas).map(([type, schema]) => [`${prefix}_${type}`, make(type, schema)]);
}

function clientMessage(type: string, schema: TSchema): Json {
  return { name: type, payload: { type: 'object', required: ['type', 'data'], properties: { type: { const: type }, data: plain(schema), id: { type: 'string' }, timestamp: Instant } } };
}

function serverMessage(type: string, schema: TSchema): Json {
  return { name: type, payload: envelope(type, plain(schema), { replyTo: { type: 'string', description: 'id of the message this answers' } }) };
}

function topicEvent(topic: string, type: string, schema: TSchema): Json {
  const place = {
    topic: { const: topic },
    offset: { type: 'integer', description: 'place in the topic’s history' },
    prev: { type: 'integer', description: 'offset of the event before it that this subscription should have received; a client below it has lost something' },
  };
  return { name: type, summary: `Event of the topic ${topic}.`, payload: envelope(type, plain(schema), place, Object.keys(place)) };
}

function directMessage(type: string): Json {
  return { name: type, summary: `Direct message, on the topic ${INBOX}; other types match ^[a-z][a-z0-9_]{0,63}$.`, payload: envelope(type, { type: 'object' }, { topic: { const: INBOX }, offset: { type: 'integer' }, prev: { type: 'integer' } }) };
}

function envelope(type: string, data: Json, more: Json, required: readonly string[] = []): Json {
  return { type: 'object', required: ['id', 'timestamp', 'type', 'data', ...required], properties: { id: { type: 'string' }, timestamp: Instant, type: { const: type }, data, ...more } };
}

function topicTable({ filters, audiences, delivery }: TopicSpec): Json {
  return { filters: Object.fromEntries(Object.entries(filters).map(([key, spec]) => [key, spec === 'open' ? 'any' : [...spec]])), roles: Object.fromEntries(ROLES.map((role) => [role, audiences[role] ?? 'none'])), delivery };
}
