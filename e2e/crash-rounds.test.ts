import { afterAll, beforeAll, expect, it } from 'vitest';
import { SeededRandom } from '../packages/realtime/test/seeded-random.ts';
import { ActivityFollower } from './activity-follower.ts';
import { Api } from './api.ts';
import { CheckInLane } from './check-in-lane.ts';
import { morningZone } from './morning-zone.ts';
import { enrol, openAllDays } from './school.ts';
import { dataFolder, startServer, type ServerProcess } from './server-process.ts';

/** CRASH_ROUNDS=1000 for the long form, CRASH_SEED for the same moments again. */
const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 50);
const SEED = Number(process.env['CRASH_SEED'] ?? Math.floor(performance.now() * 1000) % 2 ** 31);
const LANES = 8;
const MOST_ANSWERS_BEFORE_DEATH = 40;
/** Turns of the event loop between an answer and death: the moment is anywhere in a command. */
const MOST_TURNS_BEFORE_DEATH = 300;
/** Patience, not an expectation: a round takes about a second and a half. */
const ROUND_MS = 60_000;

const folder = dataFolder();
const follower = new ActivityFollower();
const random = new SeededRandom(SEED);
let server: ServerProcess;
let api: Api;
let lanes: readonly CheckInLane[];

beforeAll(async () => {
  await start();
  api = await Api.login(server.url);
  await openAllDays(api);
  lanes = (await enrol(api, LANES)).map(({ id }) => new CheckInLane(id));
  await follower.follow(server.wsUrl, api.token!);
});
afterAll(async () => {
  follower.close();
  await server?.stop('SIGKILL');
  folder.remove();
});

/** On the same data, and where the clients know it to be. */
async function start(): Promise<void> {
  const port = (url: string | undefined): string => (url === undefined ? '0' : new URL(url).port);
  server = await startServer(folder.path, {
    CLMS_TIMEZONE: morningZone(), CLMS_HTTP_PORT: port(server?.url), CLMS_WS_PORT: port(server?.wsUrl), CLMS_ACCESS_TOKEN_TTL: '1d',
  });
}

/** Serves check-ins, and dies somewhere among them. */
async function dieUnderLoad(): Promise<void> {
  let left = 1 + random.below(MOST_ANSWERS_BEFORE_DEATH);
  let turns = random.below(MOST_TURNS_BEFORE_DEATH);
  let dying: Promise<unknown> | undefined;
  const die = (): void => {
    if (turns-- > 0) setImmediate(die);
    else dying = server.stop('SIGKILL');
  };
  await Promise.all(lanes.map((lane) => lane.run(api, () => void (--left === 0 && die()))));
  await dying;
}

/** A second try would hide what happens once in a hundred times. */
it(`[ATT1] [ATT4] [SUB6] ${ROUNDS} times killed under load: no acknowledged command is lost or done twice, and who follows has each event once (seed ${SEED})`, { timeout: ROUNDS * ROUND_MS }, async () => {
  for (let round = 1; round <= ROUNDS; round++) {
    await dieUnderLoad();
    await start();
    const resumed = follower.follow(server.wsUrl, api.token!);
    await Promise.all(lanes.map((lane) => lane.settle(api)));
    await resumed;
    await follower.reached(lanes.reduce((sum, { acknowledged }) => sum + acknowledged, 0));
    expect(follower.faults, `round ${round}`).toEqual([]);
    for (const { personId, acknowledged } of lanes) {
      expect(follower.byPerson.get(personId) ?? [], `round ${round}`).toEqual(Array.from({ length: acknowledged }, (_, n) => (n % 2 === 0 ? 'CHECK_IN' : 'CHECK_OUT')));
    }
    const { items } = (await api.get<{ items: { id: string }[] }>('/api/visits?open=true')).body;
    expect(items.map(({ id }) => id).toSorted(), `round ${round}`).toEqual(lanes.filter(({ inside }) => inside).map(({ visitIds }) => visitIds.at(-1)!).toSorted());
  }
  for (const { personId, visitIds } of lanes) expect(await visitsOf(personId)).toEqual(visitIds.toReversed());
});

/** All of them, newest first. */
async function visitsOf(personId: string): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor = ''; ; ) {
    const { items, nextCursor } = (await api.get(`/api/visits?studentId=${personId}&limit=200${cursor}`)).body;
    ids.push(...items.map(({ id }: { id: string }) => id));
    if (!nextCursor) return ids;
    cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
  }
}
