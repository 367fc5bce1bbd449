import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../../api/api.ts';
import type { Page } from '../../api/api-client.ts';
import type { Hold } from '../../api/loan.ts';
import { useVenueTime } from '../../venue/venue-context.tsx';

/** For whom a copy that came back is put aside. Asked for here: a scan's answer names nobody but who scanned. */
export function KeptFor({ book }: { readonly book: { readonly id: string; readonly titleId: string } }): ReactNode {
  const time = useVenueTime();
  const { data } = useQuery({ queryKey: ['holds', 'ready', book.titleId], queryFn: () => api.get<Page<Hold>>('/api/holds', { titleId: book.titleId, status: 'READY' }) });
  const hold = data?.items.find(({ bookId }) => bookId === book.id);
  if (!hold) return null;
  return <Text fw={650} c="accent">For {hold.studentName ?? 'the next in line'}{hold.readyUntil ? `, until ${time.day(hold.readyUntil)}` : ''}</Text>;
}
