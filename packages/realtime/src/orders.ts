import { CLOSE } from '@clms/protocol';
import type { ClientManager } from './client-manager.ts';
import { authenticatedData, type HandlerContext } from './event-handlers.ts';
import type { Identity } from './identity.ts';
import type { Presence } from './presence.ts';
import { rejudge } from './resume.ts';
import type { Order } from './signals.ts';

export interface OrderContext {
  readonly clients: ClientManager;
  readonly presence: Presence;
  readonly handlers: HandlerContext;
  mayConnect(identity: Identity): boolean;
}

/** Carries out on this node what every node is told. */
export function obey({ clients, presence, handlers, mayConnect }: OrderContext, order: Order): void {
  switch (order.kind) {
    case 'revoke': {
      const revoked = order.sessionId !== undefined ? clients.ofSession(order.sessionId) : order.userId !== undefined ? clients.ofUser(order.userId) : [];
      for (const connection of revoked) if (connection.identity.sessionId !== order.exceptSessionId) connection.close(CLOSE.UNAUTHENTICATED, 'the session has ended');
      return;
    }
    case 'role':
      for (const connection of clients.ofUser(order.userId)) {
        connection.identity = { ...connection.identity, role: order.role };
        if (mayConnect(connection.identity)) {
          rejudge(handlers, connection);
          // What it has was made for the old role: it has to know that there is another to ask anew for.
          connection.send('authenticated', authenticatedData(connection.identity));
        } else connection.close(CLOSE.FORBIDDEN, 'the role may not connect');
      }
      return;
    case 'presence': return presence.receive(order);
  }
}
