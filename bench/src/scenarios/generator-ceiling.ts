import { loadRow, repeatLoad } from '../repeat-load.ts';
import type { Scenario } from '../scenario.ts';

const CLIENTS = 1000;
/** Far over what any measured server is asked for. */
const PER_SECOND = 6000;
const SECONDS = 4;
/** The most that a scenario asks of the generator. */
const NEEDED_PER_SECOND = 3_000_000;

export const generatorCeiling: Scenario = {
  name: 'generator-ceiling',
  title: 'What the load generator can count',
  async run(options, say) {
    const ceiling = await repeatLoad(options, say, { kind: 'bare-batched', clients: CLIENTS, perSecond: PER_SECOND, seconds: SECONDS });
    return {
      rows: [loadRow('bare shared `socket.write`, as fast as it goes', ceiling)],
      verdicts: [{
        bar: `the generator counts more than the ${NEEDED_PER_SECOND.toLocaleString('en-US')} frames/s that are asked of it`,
        measured: `${Math.round(ceiling.perSecond).toLocaleString('en-US')}/s`,
        holds: ceiling.perSecond > NEEDED_PER_SECOND,
      }],
    };
  },
};
