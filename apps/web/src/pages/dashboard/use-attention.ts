import { useTopic } from '@clms/client/react';
import { useServerNow } from '../../live/use-server-now.ts';
import { attentionList, type Attention } from './attention.ts';

/** What needs somebody now; the figure and the list both come from here. */
export function useAttention(): readonly Attention[] {
  const dashboard = useTopic('dashboard').state;
  const equipment = useTopic('equipment').state;
  const notices = useTopic('notifications').state;
  const now = useServerNow(5_000);
  return attentionList(dashboard?.alerts ?? [], equipment.values(), notices, now);
}
