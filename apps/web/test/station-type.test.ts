import { describe, expect, it } from 'vitest';
import { typeCode, typeName, typeWords } from '../src/stations/station-type.ts';

describe('[EQP1] types of stations', () => {
  it('have names for people, and come back from them', () => {
    for (const type of ['COMPUTER', 'GAMING_CONSOLE', 'STUDY_ROOM', 'BOARD_GAME']) expect(typeCode(typeName(type))).toBe(type);
    expect(typeCode('  study ROOM ')).toBe('STUDY_ROOM');
  });

  it('stay as the venue calls them where it has its own', () => {
    expect([typeWords('COMPUTER'), typeWords('BOARD_GAME')]).toEqual(['Computers', 'Board game']);
  });
});
