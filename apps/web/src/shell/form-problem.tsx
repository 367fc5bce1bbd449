import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import { messageOf } from '../api/api-error.ts';
import { fieldErrors } from '../api/field-errors.ts';

/** Why a form was not taken. What stands beside one of its `fields` is not said twice. */
export function FormProblem({ error, fields = [] }: { readonly error: Error | null; readonly fields?: readonly string[] }): ReactNode {
  if (!error) return null;
  const found = Object.keys(fieldErrors(error));
  const besideFields = found.length > 0 && found.every((field) => fields.includes(field));
  return <Alert color="red" role="alert">{besideFields ? 'Not saved: look at the marked field.' : messageOf(error)}</Alert>;
}
