import type { ConnectionState, Freshness } from '@clms/client';
import type { VenueTime } from '../venue/venue-time.ts';

export interface ConnectionWords {
  readonly tone: 'live' | 'busy' | 'offline';
  readonly text: string;
  /** For a screen reader: changes with the state, not with every second. */
  readonly announcement: string;
}

/** What the chip says. */
export function connectionWords(connection: ConnectionState, freshness: Freshness, kept: number, time: Pick<VenueTime, 'clock' | 'time'>): ConnectionWords {
  const keptWords = kept > 0 ? ` · ${kept} ${kept === 1 ? 'scan' : 'scans'} kept` : '';
  if (connection.state === 'live' && freshness.state === 'live') {
    return { tone: 'live', text: `Live · verified ${time.clock(freshness.provenAt)}${keptWords}`, announcement: 'Live' };
  }
  if (connection.state === 'live' || connection.state === 'catching_up') return { tone: 'busy', text: `Catching up…${keptWords}`, announcement: 'Catching up' };
  if (connection.state === 'needs_auth') return { tone: 'offline', text: `Signed out${keptWords}`, announcement: 'Signed out' };
  if (connection.state === 'closed') return { tone: 'offline', text: `Not connected${keptWords}`, announcement: 'Not connected' };
  if (freshness.state === 'stale' && freshness.provenAt !== undefined) {
    const since = time.time(freshness.provenAt);
    return { tone: 'offline', text: `Offline since ${since}${keptWords}`, announcement: `Offline since ${since}` };
  }
  // Started without a server: since when it is away is not known here.
  if (connection.state === 'waiting' || (connection.state === 'connecting' && connection.attempt > 1)) return { tone: 'offline', text: `Offline${keptWords}`, announcement: 'Offline' };
  return { tone: 'busy', text: `Connecting…${keptWords}`, announcement: 'Connecting' };
}
