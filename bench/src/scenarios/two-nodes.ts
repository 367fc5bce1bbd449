import { startRedis } from '../redis-process.ts';
import { loadRow, repeatLoad } from '../repeat-load.ts';
import type { Scenario } from '../scenario.ts';

const CLIENTS = 1000;
const PER_SECOND = 1000;
/** More than is asked, to see how far two nodes come; and where the peer is saturated already. */
const FAST_PER_SECOND = 2000;
const PEER_PER_SECOND = 300;
const SECONDS = 5;
const MOST_P99_MS = 50;
const TIMES_PEER = 10;

export const twoNodes: Scenario = {
  name: 'two-nodes',
  title: 'Two nodes over Redis, 1,000 subscribers',
  async run(options, say) {
    const redis = await startRedis();
    if (!redis) return { rows: [], verdicts: [], missing: ['two nodes over Redis (no `redis-server` on the path)'] };
    try {
      const load = { clients: CLIENTS, seconds: SECONDS, nodes: { count: 2, redisUrl: redis.url } };
      const clms = await repeatLoad(options, say, { kind: 'clms', ...load, perSecond: PER_SECOND });
      const fast = await repeatLoad(options, say, { kind: 'clms', ...load, perSecond: FAST_PER_SECOND });
      const peer = await repeatLoad(options, say, { kind: 'socket.io', ...load, perSecond: PEER_PER_SECOND });
      return {
        rows: [loadRow(`CLMS, ${PER_SECOND} messages/s`, clms), loadRow(`CLMS, ${FAST_PER_SECOND} messages/s`, fast), loadRow(`Socket.IO with the Redis streams adapter, ${PEER_PER_SECOND}/s`, peer)],
        verdicts: [
          { bar: `all delivered in order, p99 at most ${MOST_P99_MS} ms`, measured: `${(clms.deliveredShare * 100).toFixed(2)} %, ${clms.disordered} out of order, p99 ${clms.p99Ms.toFixed(1)} ms`, holds: clms.deliveredShare === 1 && clms.disordered === 0 && clms.p99Ms <= MOST_P99_MS },
          { bar: `at least ${TIMES_PEER} × the peer’s rate`, measured: `${(fast.perSecond / peer.perSecond).toFixed(1)} ×`, holds: fast.perSecond >= TIMES_PEER * peer.perSecond },
        ],
      };
    } finally {
      await redis.stop();
    }
  },
};
