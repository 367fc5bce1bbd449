import { expect, it } from 'vitest';
import { ApiError } from '../src/api/api-error.ts';
import { columnsOfError, importErrorWords } from '../src/pages/imports/import-error-words.ts';
import { changedFields, choiceOf } from '../src/pages/imports/import-fields.ts';

const columns = [{ header: 'LRN', field: 'schoolId' }, { header: 'Nr', field: null }, { header: 'Id', field: 'schoolId' }, { header: 'Class', field: 'section' }];

it('[IMP1] shows the first column that a field is read from', () => {
  expect(choiceOf(columns)).toEqual({ schoolId: '#1', section: '#4' });
});

it('[IMP1] sends only what was changed by hand, and a field that is taken away as empty', () => {
  const read = choiceOf(columns);
  expect(changedFields(read, { schoolId: '#1', section: '' })).toEqual({ section: '' });
  expect(changedFields(read, { schoolId: '#2', surname: '' })).toEqual({ schoolId: '#2' });
});

const refusal = (code: string, details: Record<string, unknown>) => new ApiError({ title: 'Conflict', status: 409, code, detail: 'Repeat with confirm=true.', details });

it('[IMP3] says what to do on the page, not what a script would send', () => {
  expect(importErrorWords(refusal('CONFIRM_DEACTIVATION', { deactivate: 30, percent: 25 }))).toMatch(/30 people, 25 %.*tick “Even if that is more than a fifth”/);
  expect(importErrorWords(refusal('ROWS_REJECTED', { rejected: 1 }))).toMatch(/^1 row cannot be written/);
  expect(importErrorWords(refusal('FILE_UNREADABLE', { missing: ['an id', 'a name'], columns }))).toBe('No column was found for an id and a name. Say below which column it is.');
  expect(importErrorWords(refusal('FILE_TOO_LARGE', {}))).toBe('Repeat with confirm=true.');
});

it('[IMP1] offers the columns of a file that could not be read', () => {
  expect(columnsOfError(refusal('FILE_UNREADABLE', { columns }))).toEqual(columns);
  expect(columnsOfError(refusal('FILE_UNREADABLE', {}))).toBeNull();
});
