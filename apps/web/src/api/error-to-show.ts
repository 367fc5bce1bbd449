import { ApiError } from './api-error.ts';

/**
 * The error of a query as the page tells it. What was there before the server went away stays, dimmed: that it is away the connection chip
 * says, once.
 */
export function errorToShow({ error, data }: { readonly error: Error | null; readonly data: unknown }): Error | null {
  return error instanceof ApiError && error.code === 'OFFLINE' && data !== undefined ? null : error;
}
