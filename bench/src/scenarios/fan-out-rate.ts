import { loadRow, repeatLoad } from '../repeat-load.ts';
import { HAS_BUN, MISSING_PEERS } from '../missing-peers.ts';
import type { Scenario } from '../scenario.ts';

const CLIENTS = 1000;
const SECONDS = 5;
const LEAST_PER_SECOND = 2_700_000;
const MOST_P99_MS = 30;
const TIMES_SOCKET_IO = 25;
const P99_OF_PROTOTYPE = 1.5;
/** Enough to saturate the peers that write to every socket for every message. */
const SATURATING = 300;

export const fanOutRate: Scenario = {
  name: 'fan-out-rate',
  title: '1,000 and 3,000 messages/s to 1,000 subscribers',
  async run(options, say) {
    const load = { clients: CLIENTS, seconds: SECONDS };
    const prototype = await repeatLoad(options, say, { kind: 'bare-batched', ...load, perSecond: 1000 });
    const middle = await repeatLoad(options, say, { kind: 'clms', ...load, perSecond: 1000 });
    const prototypeFast = await repeatLoad(options, say, { kind: 'bare-batched', ...load, perSecond: 3000 });
    const fast = await repeatLoad(options, say, { kind: 'clms', ...load, perSecond: 3000 });
    const ws = await repeatLoad(options, say, { kind: 'ws', ...load, perSecond: SATURATING });
    const socketIo = await repeatLoad(options, say, { kind: 'socket.io', ...load, perSecond: SATURATING });
    const bun = HAS_BUN && { middle: await repeatLoad(options, say, { kind: 'bun', ...load, perSecond: 1000 }), fast: await repeatLoad(options, say, { kind: 'bun', ...load, perSecond: 3000 }) };
    return {
      rows: [
        loadRow('CLMS, 1,000 messages/s', middle), loadRow('shared frames batched per turn and nothing else, 1,000/s', prototype),
        loadRow('CLMS, 3,000 messages/s', fast), loadRow('shared frames batched per turn and nothing else, 3,000/s', prototypeFast),
        ...(bun ? [loadRow('Bun `publish`, 1,000/s', bun.middle), loadRow('Bun `publish`, 3,000/s', bun.fast)] : []),
        loadRow(`\`ws\`, send in a loop, ${SATURATING}/s`, ws), loadRow(`Socket.IO room, ${SATURATING}/s`, socketIo),
      ],
      verdicts: [
        {
          bar: `1,000/s: all delivered, p99 at most ${P99_OF_PROTOTYPE} × batching alone`,
          measured: `${(middle.p99Ms / prototype.p99Ms).toFixed(2)} ×`,
          holds: middle.deliveredShare === 1 && middle.p99Ms <= P99_OF_PROTOTYPE * prototype.p99Ms,
        },
        {
          bar: `3,000/s: at least ${LEAST_PER_SECOND.toLocaleString('en-US')} deliveries/s, p99 at most ${MOST_P99_MS} ms`,
          measured: `${Math.round(fast.perSecond).toLocaleString('en-US')}/s, ${fast.p99Ms.toFixed(1)} ms`,
          holds: fast.perSecond >= LEAST_PER_SECOND && fast.p99Ms <= MOST_P99_MS && fast.deliveredShare === 1,
        },
        {
          bar: `at least ${TIMES_SOCKET_IO} × the rate of Socket.IO`,
          measured: `${(fast.perSecond / socketIo.perSecond).toFixed(1)} ×`,
          holds: fast.perSecond >= TIMES_SOCKET_IO * socketIo.perSecond,
        },
      ],
      missing: MISSING_PEERS.filter((peer) => peer.startsWith('Bun')),
    };
  },
};
