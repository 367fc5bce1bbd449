import { describe, expect, it } from 'vitest';
import { reportCsv } from '../src/pages/emergency/report-csv.ts';

const time = { full: () => 'Wed 25 Nov 2026, 10:41' };

describe('[EMG3] the roll-call as a table', () => {
  it('has a row for everybody, also for who was not ticked', () => {
    const entries = [
      { personId: 'a', name: 'Cruz, Aya', section: 'BB', location: 'Main Library', state: 'SAFE' as const, tickedBy: 'Ana', tickedAt: '2026-11-25T02:41:00.000Z' },
      { personId: 'b', name: 'Lim', location: 'AVR Room', state: 'UNACCOUNTED' as const },
    ];
    expect(reportCsv(entries, time).split('\r\n')).toEqual(['Name,Section,Place,State,Ticked by,Ticked at', '"Cruz, Aya",BB,Main Library,Safe,Ana,"Wed 25 Nov 2026, 10:41"', 'Lim,,AVR Room,Not ticked,,', '']);
  });

  it('[IMP3] gives no spreadsheet a formula to run, and doubles quotes', () => {
    expect(reportCsv([{ personId: 'a', name: '=cmd "x"', location: 'Hall', state: 'MISSING' }], time)).toContain('"\'=cmd ""x""",,Hall,Missing');
  });
});
