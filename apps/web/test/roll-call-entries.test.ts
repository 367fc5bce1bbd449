import { describe, expect, it } from 'vitest';
import { entriesByLocation, type RollCallEntry } from '../src/pages/emergency/roll-call-entries.ts';

const entry = (personId: string, name: string, location: string, state: RollCallEntry['state']): RollCallEntry => ({ personId, name, location, state, section: 'Molave' });
const entries = [entry('3', 'Peña, Ana', 'Main Library', 'SAFE'), entry('2', 'Cruz, Ben', 'Main Library', 'UNACCOUNTED'), entry('1', 'Santos, Mia', 'AVR Room', 'MISSING')];
const names = (text: string, shown: Parameters<typeof entriesByLocation>[2]) => entriesByLocation(entries, text, shown).map(([place, people]) => [place, people.map(({ name }) => name)]);

describe('[EMG2] the roll-call', () => {
  it('lists everybody by place and name', () => {
    expect(names('', 'all')).toEqual([['AVR Room', ['Santos, Mia']], ['Main Library', ['Cruz, Ben', 'Peña, Ana']]]);
  });

  it('shows one state alone', () => {
    expect(names('', 'UNACCOUNTED')).toEqual([['Main Library', ['Cruz, Ben']]]);
  });

  it('finds a name without its accents, whatever its state', () => {
    expect(names('ana pena', 'MISSING')).toEqual([['Main Library', ['Peña, Ana']]]);
    expect(names('nobody', 'all')).toEqual([]);
  });
});
