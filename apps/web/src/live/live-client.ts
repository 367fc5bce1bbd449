import { RealtimeClient } from '@clms/client';
import { session } from '../session/session-store.ts';

/** The live connection of the signed-in member of staff; one per page, made outside React. */
export const liveClient = new RealtimeClient({
  getToken: (reason) => session.token({ renew: reason !== 'connect' }),
});
