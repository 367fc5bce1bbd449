import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/api.ts';
import type { Page } from '../../api/api-client.ts';
import type { Device } from '../../api/device.ts';
import type { User } from '../../api/user.ts';

/** Names of accounts and devices by id: connections are logged by id alone. */
export function useAccountNames(): ReadonlyMap<string, string> {
  const { data } = useQuery({
    queryKey: ['account-names'],
    queryFn: async () => {
      const [users, devices] = await Promise.all([api.get<Page<User>>('/api/users', { limit: 500 }), api.get<Page<Device>>('/api/devices', { limit: 500 })]);
      return new Map([...users.items.map(({ id, username }) => [id, username] as const), ...devices.items.map(({ id, name }) => [id, name] as const)]);
    },
    staleTime: 60_000,
  });
  return data ?? NOBODY;
}

const NOBODY: ReadonlyMap<string, string> = new Map();
