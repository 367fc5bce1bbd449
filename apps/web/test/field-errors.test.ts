import { describe, expect, it } from 'vitest';
import { ApiError } from '../src/api/api-error.ts';
import { fieldErrors } from '../src/api/field-errors.ts';

const refusal = (more: object) => new ApiError({ title: 'Refused', status: 400, code: 'INVALID_REQUEST', ...more });

describe('what the server found wrong', () => {
  it('is told by field, the first of several, in words and not in patterns', () => {
    const errors = [
      { path: 'body.username', message: 'must match pattern "^[a-z]+$"' },
      { path: 'body.password', message: 'must not have fewer than 8 characters' },
      { path: 'body.password', message: 'must match pattern "\\S"' },
      { path: 'body.locations.0.capacity', message: 'must be >= 1' },
    ];
    expect(fieldErrors(refusal({ errors }))).toEqual({
      username: 'There is a character in it that cannot be used here',
      password: 'At least 8 characters',
      'locations.0.capacity': 'Must be >= 1',
    });
  });

  it('names the field of a refusal that is about one', () => {
    expect(fieldErrors(refusal({ status: 409, code: 'BARCODE_TAKEN', detail: 'Another person has this barcode.' }))).toEqual({ barcode: 'Another person has this barcode.' });
    expect(fieldErrors(refusal({ status: 409, code: 'SEAT_TAKEN' }))).toEqual({});
  });
});
