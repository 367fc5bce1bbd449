import { Badge, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconBell, IconInfoCircle, type Icon } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Notice } from '../../api/notice.ts';
import { awaitsAcknowledgement } from '../../live/awaits-acknowledgement.ts';
import { PAGES } from '../page-list.ts';
import { useVenueTime } from '../../venue/venue-context.tsx';
import { relative } from '../../venue/venue-time.ts';
import { PRIORITY_WORDS } from './notice-words.ts';
import classes from './notices.module.css';

const ICONS: Readonly<Record<Notice['priority'], Icon>> = { LOW: IconInfoCircle, MEDIUM: IconBell, HIGH: IconBell, CRITICAL: IconAlertTriangle };

export interface NoticeCardProps {
  readonly notice: Notice;
  readonly now: number;
  readonly isSending: boolean;
  readonly onAcknowledge: () => void;
}

/** One notice: what, since when, how often, who took it. */
export function NoticeCard({ notice, now, isSending, onAcknowledge }: NoticeCardProps): ReactNode {
  const time = useVenueTime();
  const { title, message, priority, timestamp, count = 1, acknowledgedBy, acknowledgedAt, receipts, actions = [] } = notice;
  const Icon = ICONS[priority];
  const seen = new Set(receipts.filter(({ state }) => state !== 'delivered').map(({ recipient }) => recipient)).size;
  // A button that leads nowhere is not drawn.
  const ways = actions.flatMap(({ id, label, url }) => (url !== undefined && PAGES.some(({ path }) => url.split('?')[0] === path) ? [{ id, label, url }] : []));
  const waits = awaitsAcknowledgement(notice, now);
  return (
    <li className={classes.card} data-priority={priority} data-waits={waits}>
      <Icon size={22} className={classes.icon} aria-hidden />
      <div className={classes.words}>
        <Group gap="xs" align="baseline">
          <Text fw={650}>{title}</Text>
          {priority !== 'MEDIUM' && <Badge color={priority === 'CRITICAL' ? 'red' : priority === 'HIGH' ? 'amber' : 'gray'}>{PRIORITY_WORDS[priority]}</Badge>}
          {count > 1 && <Badge color="gray">{count} times</Badge>}
        </Group>
        <Text>{message}</Text>
        <Text size="sm" c="dimmed">
          {[
            `${time.moment(timestamp, now)} (${relative(timestamp, now)})`,
            seen > 0 && `seen by ${seen}`,
            acknowledgedBy !== undefined && `taken by ${acknowledgedBy}${acknowledgedAt ? ` at ${time.moment(acknowledgedAt, now)}` : ''}`,
          ].filter(Boolean).join(' · ')}
        </Text>
      </div>
      <Group gap="xs" className={classes.actions}>
        {ways.map(({ id, label, url }) => <Button key={id} component={Link} to={url} size="compact-sm" variant="default">{label}</Button>)}
        {waits && <Button size="compact-sm" loading={isSending} onClick={onAcknowledge}>I take it</Button>}
      </Group>
    </li>
  );
}
