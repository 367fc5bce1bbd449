import { useTopic } from '@clms/client/react';
import { ActionIcon, Indicator } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { awaitsAcknowledgement } from '../live/awaits-acknowledgement.ts';
import { useServerNow } from '../live/use-server-now.ts';
import { PAGES } from '../pages/page-list.ts';

const NOTICES = PAGES.find(({ path }) => path === '/notices');

/** How many notices wait for somebody to acknowledge them. */
export function NoticeBell(): ReactNode {
  const { state } = useTopic('notifications');
  const now = useServerNow(30_000);
  const waiting = state.filter((notice) => awaitsAcknowledgement(notice, now)).length;
  if (!NOTICES) return null;
  return (
    <Indicator label={waiting} disabled={waiting === 0} size={16} offset={6} color="red">
      <ActionIcon component={Link} to={NOTICES.path} variant="subtle" color="gray" size="lg" title={NOTICES.label} aria-label={waiting === 0 ? 'Notices' : `Notices, ${waiting} waiting`}>
        <IconBell size={20} stroke={1.7} />
      </ActionIcon>
    </Indicator>
  );
}
