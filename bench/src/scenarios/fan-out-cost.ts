import { loadRow, repeatLoad } from '../repeat-load.ts';
import type { Scenario } from '../scenario.ts';
import { HAS_BUN, HAS_NCHAN, MISSING_PEERS } from '../missing-peers.ts';

const CLIENTS = 1000;
const PER_SECOND = 100;
const SECONDS = 5;
/** Of the floor, where the same bytes are written to every socket and nothing else is done. */
const MOST_OF_FLOOR = 1.15;

export const fanOutCost: Scenario = {
  name: 'fan-out-cost',
  title: '100 messages/s to 1,000 subscribers: what a delivery costs the server',
  async run(options, say) {
    const load = { clients: CLIENTS, perSecond: PER_SECOND, seconds: SECONDS };
    const bare = await repeatLoad(options, say, { kind: 'bare', ...load });
    const clms = await repeatLoad(options, say, { kind: 'clms', ...load });
    const ws = await repeatLoad(options, say, { kind: 'ws', ...load });
    const socketIo = await repeatLoad(options, say, { kind: 'socket.io', ...load });
    const bun = HAS_BUN && (await repeatLoad(options, say, { kind: 'bun', ...load }));
    const nchan = HAS_NCHAN && (await repeatLoad(options, say, { kind: 'nchan', ...load }));
    const ratio = clms.cpuMicros / bare.cpuMicros;
    return {
      rows: [loadRow('CLMS', clms), loadRow('bare `socket.write` of one shared frame', bare), loadRow('`ws`, send in a loop', ws), loadRow('Socket.IO room', socketIo), ...(bun ? [loadRow('Bun `publish`', bun)] : []), ...(nchan ? [loadRow('nginx with nchan', nchan)] : [])],
      verdicts: [{ bar: `at most ${MOST_OF_FLOOR} × the bare shared write`, measured: `${ratio.toFixed(2)} ×`, holds: ratio <= MOST_OF_FLOOR && clms.deliveredShare === 1 }],
      missing: MISSING_PEERS,
    };
  },
};
