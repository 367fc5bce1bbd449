import { useRealtimeClient } from '@clms/client/react';
import { useEffect, useRef } from 'react';
import type { Notice } from '../../api/notice.ts';
import { useUser } from '../../session/use-session.ts';

/** As many as stay below the server's limit of messages in a second; the rest follow when the list is drawn anew. */
const AT_ONCE = 15;

/** Tells the server that these notices were on this user's screen, each once. */
export function useMarkSeen(notices: readonly Notice[]): void {
  const client = useRealtimeClient();
  const { id: userId } = useUser();
  const told = useRef(new Set<string>());
  useEffect(() => {
    const unseen = notices.filter(({ id, receipts }) => !told.current.has(id) && !receipts.some(({ recipient, state }) => recipient === userId && state !== 'delivered'));
    for (const { id } of unseen.slice(0, AT_ONCE)) {
      told.current.add(id);
      client.sendMessage({ type: 'ack', data: { id, state: 'seen' } });
    }
  }, [client, notices, userId]);
}
