import { session } from '../session/session-store.ts';
import { ApiError, offline } from './api-error.ts';
import { createApiClient } from './api-client.ts';

/** The HTTP API as the signed-in member of staff. */
export const api = createApiClient(async ({ renew }) => {
  try {
    return await session.token({ renew });
  } catch (error) {
    throw error instanceof ApiError ? error : offline();
  }
});
