import { Button, Menu } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../../api/api.ts';
import type { Visit } from '../../api/visit.ts';
import { announceDone, announceError } from '../../shell/announce-change.tsx';
import { useVenue } from '../../venue/venue-context.tsx';

/** From one room to another in one step: the visit goes on. Nothing where there is only one room. */
export function MoveMenu({ visit }: { readonly visit: Visit }): ReactNode {
  const { locations } = useVenue();
  const queries = useQueryClient();
  const refresh = () => {
    for (const key of ['visits', 'stays', 'desk']) void queries.invalidateQueries({ queryKey: [key] });
  };
  const move = (location: string) => api.patch<Visit>(`/api/visits/${visit.id}`, { location });
  const toRoom = useMutation({
    mutationFn: move,
    onSuccess: ({ location }) => announceDone(`${visit.studentName ?? 'Visit'}: now in ${location}`, () => move(visit.location).then(refresh)),
    onError: announceError,
    onSettled: refresh,
  });
  const others = locations.filter(({ name }) => name !== visit.location);
  if (others.length === 0) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target><Button size="compact-sm" variant="subtle" color="gray" loading={toRoom.isPending} aria-label={`Move ${visit.studentName ?? 'the visit'} to another room`}>Move</Button></Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>To</Menu.Label>
        {others.map(({ name }) => <Menu.Item key={name} onClick={() => toRoom.mutate(name)}>{name}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  );
}
