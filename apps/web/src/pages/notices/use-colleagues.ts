import { useTopic } from '@clms/client/react';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/api.ts';
import type { Page } from '../../api/api-client.ts';
import type { User } from '../../api/user.ts';
import { useUser } from '../../session/use-session.ts';

export interface Colleague {
  readonly id: string;
  readonly name: string;
}

/** Whom a notice can be sent to alone: an administrator knows every account, others know who is signed in. */
export function useColleagues(): readonly Colleague[] {
  const me = useUser();
  const { presence } = useTopic('chat').state;
  const accounts = useQuery({ queryKey: ['users', 'colleagues'], queryFn: () => api.get<Page<User>>('/api/users', { limit: 500 }), enabled: me.role === 'ADMIN' });
  const found = new Map([...presence.values()].map(({ userId, username }) => [userId, username]));
  for (const { id, displayName, active } of accounts.data?.items ?? []) if (active) found.set(id, displayName);
  found.delete(me.id);
  return [...found].map(([id, name]) => ({ id, name })).toSorted((a, b) => a.name.localeCompare(b.name));
}
