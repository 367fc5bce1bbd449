import { ActionIcon } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ConnectionChip } from '../live/connection-chip.tsx';
import { useServerNow } from '../live/use-server-now.ts';
import { useKeptScans } from '../scanning/use-scan-journal.ts';
import { useVenueTime } from '../venue/venue-context.tsx';
import { NoticeBell } from './notice-bell.tsx';
import { PlaceMenu } from './place-menu.tsx';
import { shellDialogs } from './shell-dialogs.ts';
import { UserMenu } from './user-menu.tsx';
import classes from './shell.module.css';

export function ShellHeader(): ReactNode {
  const time = useVenueTime();
  const kept = useKeptScans();
  const now = useServerNow();
  return (
    <header className={classes.header}>
      <PlaceMenu />
      <time className={classes.now} dateTime={new Date(now).toISOString()}>{time.day(now)} · {time.time(now)}</time>
      <span className={classes.spacer} />
      <span className={classes.chip}><ConnectionChip kept={kept} /></span>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Search" title="Search ( / )" onClick={() => shellDialogs.open('search')}>
        <IconSearch size={20} stroke={1.7} />
      </ActionIcon>
      <NoticeBell />
      <UserMenu />
    </header>
  );
}
