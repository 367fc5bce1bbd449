import { LOCATIONS } from '../activity-message.ts';
import { loadRow, repeatLoad } from '../repeat-load.ts';
import type { Scenario } from '../scenario.ts';

const CLIENTS = 1000;
const SECONDS = 5;
/** More than one core can send, so that the figures are rates and not the schedule. */
const PER_SECOND = 3000;
const LEAST_OF_UNFILTERED = 0.6;

/**
 * Sets of ten of the twenty locations: one of each neighbouring pair, as the bits of a number say. With every number stands its complement,
 * so any event passes for exactly half of the clients, and for another half than the event before.
 */
function filterSets(count: number): { location: string[] }[] {
  return Array.from({ length: count / 2 }, (_, i) => i * 5 + 1).flatMap((bits) => [pick(bits), pick(~bits)]);
}

function pick(bits: number): { location: string[] } {
  return { location: Array.from({ length: LOCATIONS.length / 2 }, (_, pair) => LOCATIONS[pair * 2 + ((bits >> pair) & 1)]!) };
}

export const filters: Scenario = {
  name: 'filters',
  title: '200 different filters over 1,000 subscribers',
  async run(options, say) {
    const share = 0.5;
    const load = { clients: CLIENTS, seconds: SECONDS };
    // Without filters every client gets every event, so half the messages make the same number of deliveries.
    const plain = await repeatLoad(options, say, { kind: 'clms', ...load, perSecond: PER_SECOND * share });
    const filtered = await repeatLoad(options, say, { kind: 'clms', ...load, perSecond: PER_SECOND, filters: filterSets(200), share });
    const fewer = await repeatLoad(options, say, { kind: 'clms', ...load, perSecond: PER_SECOND, filters: filterSets(20), share });
    const ratio = filtered.perSecond / plain.perSecond;
    return {
      rows: [loadRow('no filters, 1,500 messages/s', plain), loadRow('20 filters, 3,000 messages/s, half match', fewer), loadRow('200 filters, 3,000 messages/s, half match', filtered)],
      verdicts: [{
        bar: `at least ${LEAST_OF_UNFILTERED * 100} % of the unfiltered rate of delivered frames`,
        measured: `${(ratio * 100).toFixed(0)} %`,
        holds: ratio >= LEAST_OF_UNFILTERED && filtered.deliveredShare === 1,
      }],
    };
  },
};
