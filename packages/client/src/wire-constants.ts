import type * as protocol from '@clms/protocol';

// Values of the wire that the SDK needs while running. They are written here again, held to the protocol by their types, because
// importing them would pull the schema library into every page.

export const SUBPROTOCOL: typeof protocol.SUBPROTOCOL = 'clms.v1';
export const BEARER_SUBPROTOCOL_PREFIX: typeof protocol.BEARER_SUBPROTOCOL_PREFIX = 'bearer.';
export const INBOX: typeof protocol.INBOX = 'inbox';

type Codes = typeof protocol.CLOSE;
export const CLOSE_NORMAL: Codes['NORMAL'] = 1000;
export const CLOSE_RESTART: Codes['RESTART'] = 1012;
export const CLOSE_UNAUTHENTICATED: Codes['UNAUTHENTICATED'] = 4401;
export const CLOSE_FORBIDDEN: Codes['FORBIDDEN'] = 4403;
export const CLOSE_TOO_MANY: Codes['TOO_MANY'] = 4429;
/** What the server answers to protocol misuse: unsupported data, bad UTF-8, policy, too big. */
export const CLOSE_MISUSE: readonly number[] = [1003, 1007, 1008, 1009] satisfies Codes[
  'UNSUPPORTED_DATA' | 'INVALID_UTF8' | 'POLICY' | 'TOO_BIG'
][];
