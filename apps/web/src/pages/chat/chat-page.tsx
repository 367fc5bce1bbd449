import { useTopic } from '@clms/client/react';
import { Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { messageOf } from '../../api/api-error.ts';
import { isStale } from '../../live/is-stale.ts';
import { PageHead } from '../../shell/page-head.tsx';
import { ChatRoom } from './chat-room.tsx';
import { WhoIsHere } from './who-is-here.tsx';
import classes from './chat.module.css';

const STAFF_ROOM = 'staff';

/** Staff among themselves: one room for all, one for each place. */
export default function ChatPage(): ReactNode {
  const { state, freshness } = useTopic('chat');
  const [room, setRoom] = useState(STAFF_ROOM);
  const { data, error } = useQuery({ queryKey: ['chat-rooms'], queryFn: () => api.get<{ readonly items: readonly { readonly room: string }[] }>('/api/chat') });
  const rooms = data?.items.map((one) => one.room) ?? [STAFF_ROOM];
  return (
    <>
      <PageHead title="Chat" lead="Kept for a month, never shown on kiosks and displays.">
        <Select aria-label="Room" w={200} allowDeselect={false} data={rooms.map((value) => ({ value, label: value === STAFF_ROOM ? 'All staff' : value }))} value={room} onChange={(value) => value && setRoom(value)} />
      </PageHead>
      {error && <Text c="red">{messageOf(error)}</Text>}
      <div className={classes.columns}>
        <ChatRoom key={room} room={room} live={state.messages} />
        <div data-stale={isStale(freshness)}><WhoIsHere presence={state.presence} /></div>
      </div>
    </>
  );
}
