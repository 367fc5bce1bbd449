import { describe, expect, it } from 'vitest';
import { gradeAndSection, gradeBriefly, withInitial } from '../src/api/person.ts';

describe('how people are told apart', () => {
  it('writes grade and section in full, and briefly where there is little room', () => {
    const pupil = { gradeLevel: '9', section: 'BB' };
    expect([gradeAndSection(pupil), gradeBriefly(pupil)]).toEqual(['Grade 9 · BB', '9 BB']);
    expect(gradeBriefly({ gradeLevel: 'PRE_NURSERY', section: 'Dao' })).toBe('Pre-nursery Dao');
  });

  it('calls personnel so also where only the category is told', () => {
    expect(gradeAndSection({ gradeCategory: 'PERSONNEL', section: 'Staff' })).toBe('Personnel');
    expect(gradeBriefly({ kind: 'PERSONNEL' })).toBe('Personnel');
  });

  it('shortens the given name to its initial, accents included, and leaves a name of one part alone', () => {
    expect(withInitial('Cruz, Aya Maria')).toBe('Cruz, A.');
    expect(withInitial('Ñunez, Álvaro')).toBe('Ñunez, Á.');
    expect(withInitial('Madonna')).toBe('Madonna');
  });
});
