import { describe, expect, it } from 'vitest';
import { categoryOf, gradeOf } from '../src/domain/grade.ts';
import { barcodeKey, halfOfDoubled, searchKey, tidyName } from '../src/domain/normalise.ts';
import { personName } from '../src/domain/present.ts';

describe('a grade', () => {
  it.each([
    ['GRADE 1', '1', undefined, 'PRIMARY'],
    ['Grade 3', '3', undefined, 'PRIMARY'],
    ['4', '4', undefined, 'GRADE_SCHOOL'],
    ['GRADE 10', '10', undefined, 'JUNIOR_HIGH'],
    ['grade  7', '7', undefined, 'JUNIOR_HIGH'],
    ['GRADE 11 STEM 1', '11', 'STEM 1', 'SENIOR_HIGH'],
    ['GRADE 12 F&B', '12', 'F&B', 'SENIOR_HIGH'],
    ['Grade 11 - HUMSS', '11', 'HUMSS', 'SENIOR_HIGH'],
    ['PRE NURSERY', 'PRE_NURSERY', undefined, 'PRIMARY'],
    ['Pre-Nursery', 'PRE_NURSERY', undefined, 'PRIMARY'],
    ['NURSERY', 'NURSERY', undefined, 'PRIMARY'],
    ['Kindergarten', 'KINDER', undefined, 'PRIMARY'],
    ['PRE_NURSERY', 'PRE_NURSERY', undefined, 'PRIMARY'],
  ])('[PPL2] "%s" is %s', (label, level, strand, category) => {
    expect(gradeOf(label)).toEqual({ level, category, ...(strand && { strand }) });
  });

  it.each(['2025-2026', '13', '0', '111', 'GRADE', 'Staff', ''])('[PPL2] "%s" is none', (label) => {
    expect(gradeOf(label)).toBeUndefined();
  });

  it('[PPL2] puts every level into its category', () => {
    const categories = (['NURSERY', '3', '4', '6', '7', '10', '11', '12'] as const).map(categoryOf);
    expect(categories).toEqual(['PRIMARY', 'PRIMARY', 'GRADE_SCHOOL', 'GRADE_SCHOOL', 'JUNIOR_HIGH', 'JUNIOR_HIGH', 'SENIOR_HIGH', 'SENIOR_HIGH']);
  });
});

describe('a barcode', () => {
  it.each([
    ['*20240012*', '20240012'],
    [' hs00001\r\n', 'hs00001'],
    ['HS00001', 'hs00001'],
    ['P 123 ', 'p 123'],
    ['00012', '00012'],
    ['\u000220240012\u0003', '20240012'],
  ])('[PPL1] %j is compared as %s', (text, key) => expect(barcodeKey(text)).toBe(key));

  it('[SCN2] knows a value that was read twice in one go', () => {
    expect(halfOfDoubled('2024001220240012')).toBe('20240012');
    expect(halfOfDoubled('202400122024001')).toBeUndefined();
    expect(halfOfDoubled('11')).toBeUndefined();
  });
});

describe('a name', () => {
  it('[PPL1] is composed and without line breaks', () => {
    expect(tidyName('Pen\u0303a\nMaria ')).toBe('Pe\u00f1a Maria');
  });

  it('[PPL1] is searched without case and accents', () => {
    expect(searchKey('Peñaflor', 'José')).toBe(searchKey('PEN\u0303AFLOR', 'jose'));
  });

  it('[PRV1] is given name and initial on a kiosk, and whole for staff', () => {
    expect(personName({ surname: 'Cruz', givenName: 'Aya Belle' }, 'kiosk')).toBe('Aya C.');
    expect(personName({ surname: 'Cruz', givenName: 'Aya Belle' }, 'staff')).toBe('Cruz, Aya Belle');
    expect(personName({ surname: '', givenName: 'Aya' }, 'kiosk')).toBe('Aya');
  });
});
