import { useSyncExternalStore } from 'react';
import { session, type SessionState, type SignedInUser } from './session-store.ts';

export function useSession(): SessionState {
  return useSyncExternalStore(session.subscribe, session.getState);
}

/** Who is signed in. Only below the shell, which is drawn for nobody else. */
export function useUser(): SignedInUser {
  const state = useSession();
  if (state.state !== 'signed_in') throw new Error('useUser is for pages behind the login');
  return state.user;
}
