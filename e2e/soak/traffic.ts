import type { Api } from '../api.ts';
import type { Pupil } from '../school.ts';

const TURN_MS = 200;

export interface Traffic {
  /** Events that the library has made so far. */
  made(): number;
  /** Ends the traffic; rejects with the first error that it met. */
  stop(): Promise<void>;
}

/**
 * Keeps a library busy: pupils come and go and stations change hands, so that about `perSecond` activities are committed every second, by
 * the same HTTP API that desks use.
 */
export function startTraffic(api: Api, pupils: readonly Pupil[], stationIds: readonly string[], perSecond: number): Traffic {
  const perTurn = Math.max(1, Math.round((perSecond * TURN_MS) / 1000));
  // Who comes and goes, and who sits at the stations, are two groups: leaving would end a session.
  const sitting = pupils.slice(0, stationIds.length);
  const passing = pupils.slice(stationIds.length);
  const inside: string[] = [];
  const running: (string | undefined)[] = stationIds.map(() => undefined);
  let made = 0;
  let turn = 0;
  const ending = new AbortController();

  const comeOrGo = async (n: number): Promise<void> => {
    if (inside.length < passing.length / 2) {
      const visit = await api.created<{ id: string }>('/api/visits', { studentId: passing[n % passing.length]!.id, location: 'Main Library' });
      inside.push(visit.id);
    } else await api.created(`/api/visits/${inside.shift()}/checkout`, {});
  };
  const startOrEnd = async (n: number): Promise<void> => {
    const at = n % stationIds.length;
    const session = running[at];
    running[at] = undefined;
    if (session !== undefined) await api.created(`/api/sessions/${session}/end`, {});
    else running[at] = (await api.created<{ id: string }>(`/api/equipment/${stationIds[at]}/sessions`, { studentId: sitting[at]!.id, minutes: 20 })).id;
  };
  let arrivals = 0;
  const oneTurn = async (): Promise<void> => {
    const stations = Math.ceil(perTurn / 5);
    for (let n = 0; n < perTurn - stations; n++, made++) await comeOrGo(inside.length < passing.length / 2 ? arrivals++ : 0);
    for (let n = 0; n < stations; n++, made++) await startOrEnd(turn * stations + n);
    turn++;
  };
  const run = async (): Promise<void> => {
    const startedAt = performance.now();
    while (!ending.signal.aborted) {
      await oneTurn();
      const aheadMs = turn * TURN_MS - (performance.now() - startedAt);
      if (aheadMs > 0) await new Promise((resume) => setTimeout(resume, aheadMs));
    }
  };
  const ended = run();
  // Whoever started the traffic hears of its failure when stopping it.
  ended.catch(() => ending.abort());
  return {
    made: () => made,
    stop: () => {
      ending.abort();
      return ended;
    },
  };
}
