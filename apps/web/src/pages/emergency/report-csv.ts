import type { VenueTime } from '../../venue/venue-time.ts';
import type { RollCallEntry } from './roll-call-entries.ts';

const STATES: Readonly<Record<RollCallEntry['state'], string>> = { SAFE: 'Safe', MISSING: 'Missing', UNACCOUNTED: 'Not ticked' };
const HEAD = ['Name', 'Section', 'Place', 'State', 'Ticked by', 'Ticked at'];

/** The roll-call as a table that any spreadsheet opens: RFC 4180, with what a spreadsheet would take for a formula made harmless. */
export function reportCsv(entries: readonly RollCallEntry[], time: Pick<VenueTime, 'full'>): string {
  const rows = entries.map(({ name, section, location, state, tickedBy, tickedAt }) => [name, section ?? '', location, STATES[state], tickedBy ?? '', tickedAt ? time.full(tickedAt) : '']);
  return [HEAD, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
