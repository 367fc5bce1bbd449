import type { ConnectionInfo } from '@clms/realtime';
import Type from 'typebox';
import { notFound, Refusal } from '../../domain/refusal.ts';
import type { UnitRunner } from '../../domain/unit-runner.ts';
import { PublishAnswer, PublishBody, publishAll, type Publisher } from '../../realtime/publish.ts';
import { checkedKey, onceByKey, type OnceByKey } from '../once-by-key.ts';
import { Page, pageOfAll, PageQuery } from '../page.ts';
import { raw, type HttpRoute, type RawInput } from '../raw-route.ts';
import { LiveConnection, LiveStatus } from '../realtime-schemas.ts';
import { ADMIN, MANAGERS_READ } from '../route.ts';

export interface RealtimeDoor extends Publisher {
  status(): Promise<unknown>;
  connections(): Promise<readonly ConnectionInfo[]>;
  /** False when nobody has this id. */
  closeConnection(clientId: string): Promise<boolean>;
}

/** A list of 1,000 messages of ordinary size. */
const LARGEST_LIST_BYTES = 16 * 1024 * 1024;

/** What an administrator sees of the live connections, and the door by which other systems publish. */
export function realtimeRoutes(door: RealtimeDoor): HttpRoute[] {
  const once = onceByKey(door.runner);
  return [
    raw({
      method: 'POST',
      path: '/api/realtime/publish',
      access: { roles: ['ADMIN'], scope: 'publish' },
      tag: 'Real time',
      summary: 'Publishes a topic event or a direct message, or up to 1,000 of them in order.',
      bodyLimit: LARGEST_LIST_BYTES,
      body: Type.Union([PublishBody, Type.Array(PublishBody, { minItems: 1, maxItems: 1000 })]),
      answer: Type.Union([PublishAnswer, Type.Array(PublishAnswer)]),
      async handle({ body, actor, request, reply }) {
        const key = checkedKey(request.headers['idempotency-key']);
        const many = Array.isArray(body);
        const { positions, replayed } = await publishAll(door, actor, many ? body : [body], key);
        if (replayed) reply.header('Idempotent-Replayed', 'true');
        const answers = positions.map(({ topic, epoch, offset }) => ({ topic, epoch, offset }));
        return many ? answers : answers[0];
      },
    }),
    raw({ method: 'GET', path: '/api/websocket/status', access: MANAGERS_READ, tag: 'Real time', summary: 'How the real-time server is doing, over all nodes.', answer: LiveStatus, handle: () => door.status() }),
    raw({
      method: 'GET',
      path: '/api/websocket/connections',
      access: ADMIN,
      tag: 'Real time',
      summary: 'Who is connected, since when and from where, with topics, queue and latency; oldest first.',
      query: PageQuery,
      answer: Page(LiveConnection),
      handle: async ({ query }) => pageOfAll(await door.connections(), query, ({ connectedAt, clientId }) => `${connectedAt} ${clientId}`, 'rising'),
    }),
    raw({
      method: 'DELETE',
      path: '/api/websocket/connections/:clientId',
      access: ADMIN,
      tag: 'Real time',
      summary: 'Closes one connection; its client will try to come back.',
      params: Type.Object({ clientId: Type.String({ maxLength: 128 }) }),
      answer: Type.Object({ closed: Type.Literal(true) }),
      handle: (input) =>
        answerOnce(once, input, async () => {
          if (!(await door.closeConnection(input.params.clientId))) throw notFound('connection');
          return { closed: true };
        }),
    }),
  ];
}

/** Answers what the work answers, or what it answered to the same key before. */
async function answerOnce(once: OnceByKey, { actor, request, reply }: Pick<RawInput, 'actor' | 'request' | 'reply'>, work: () => Promise<unknown>): Promise<unknown> {
  const content = (): string => `${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`;
  const answer = await once({ actor, header: request.headers['idempotency-key'], content }, async () => ({ status: 200, body: await work() }));
  if (answer.replayed) reply.header('Idempotent-Replayed', 'true');
  return answer.body;
}

/** ISO 8601 durations of a clock: weeks to seconds, no months or years. */
const DURATION = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
/** Far enough for a leap year, and not for ever: a year of deadlines takes some seconds. */
const LONGEST_MOVE_DAYS = 4000;

function parseDuration(text: string): number | undefined {
  const parts = DURATION.exec(text);
  if (!parts || text === 'P' || text.endsWith('T')) return undefined;
  const [weeks, days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number, number];
  return Math.round(((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000);
}

/** Moves the library's clock (CLMS_TEST_CLOCK); exists only while that is on. */
export function testClockRoute(runner: UnitRunner, advance: (byMs: number) => Promise<string>): HttpRoute {
  const once = onceByKey(runner);
  return raw({
    method: 'POST',
    path: '/api/test/clock',
    access: ADMIN,
    tag: 'Trials',
    summary: 'Moves the clock forward; every deadline on the way is met in order.',
    body: Type.Object({ advance: Type.String({ maxLength: 40 }) }, { additionalProperties: false }),
    answer: Type.Object({ now: Type.String() }),
    async handle(input) {
      const byMs = parseDuration(input.body.advance);
      if (byMs === undefined || byMs > LONGEST_MOVE_DAYS * 24 * 3_600_000) throw new Refusal(400, 'INVALID_REQUEST', `advance takes an ISO 8601 duration up to ${LONGEST_MOVE_DAYS} days, such as PT10M.`, { errors: [{ path: 'body.advance', message: 'such as PT10M, PT1H30M, P1D' }] });
      return answerOnce(once, input, async () => ({ now: await advance(byMs) }));
    },
  });
}
