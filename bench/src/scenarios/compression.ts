import { loadRow, repeatLoad } from '../repeat-load.ts';
import type { Scenario } from '../scenario.ts';

const CLIENTS = 1000;
const MESSAGE_BYTES = 4096;
/** What the envelope and the rest of the message take. */
const PAD_TO = MESSAGE_BYTES - 370;
const SLOW_PER_SECOND = 10;
const FAST_PER_SECOND = 500;
const SECONDS = 5;
const TIMES_LESS_CPU = 6;
const TIMES_RATE = 30;

export const compression: Scenario = {
  name: 'compression',
  title: 'Compression on: 4 KiB messages to 1,000 subscribers',
  async run(options, say) {
    const load = { clients: CLIENTS, seconds: SECONDS, padTo: PAD_TO };
    const ws = await repeatLoad(options, say, { kind: 'ws-deflate', ...load, perSecond: SLOW_PER_SECOND });
    const slow = await repeatLoad(options, say, { kind: 'clms-deflate', ...load, perSecond: SLOW_PER_SECOND });
    const fast = await repeatLoad(options, say, { kind: 'clms-deflate', ...load, perSecond: FAST_PER_SECOND });
    const cheaper = ws.cpuMicros / slow.cpuMicros;
    const faster = fast.perSecond / ws.perSecond;
    return {
      rows: [loadRow(`\`ws\` with permessage-deflate, ${SLOW_PER_SECOND}/s`, ws), loadRow(`CLMS with permessage-deflate, ${SLOW_PER_SECOND}/s`, slow), loadRow(`CLMS with permessage-deflate, ${FAST_PER_SECOND}/s`, fast)],
      verdicts: [
        { bar: `at least ${TIMES_LESS_CPU} × less CPU per delivery at ${SLOW_PER_SECOND}/s`, measured: `${cheaper.toFixed(1)} ×`, holds: cheaper >= TIMES_LESS_CPU && slow.deliveredShare === 1 },
        { bar: `at least ${TIMES_RATE} × the saturated rate`, measured: `${faster.toFixed(1)} ×`, holds: faster >= TIMES_RATE && fast.deliveredShare === 1 },
      ],
    };
  },
};
