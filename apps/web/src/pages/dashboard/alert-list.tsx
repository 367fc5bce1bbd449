import { useTopic } from '@clms/client/react';
import { Anchor, Button, Group } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle, IconSpeakerphone } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { isStale } from '../../live/is-stale.ts';
import { useAnnouncements } from '../../live/use-announcements.ts';
import { PAGES } from '../../pages/page-list.ts';
import { announceError } from '../../shell/announce-change.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { Panel } from '../../shell/panel.tsx';
import { useSessionActions } from '../../stations/use-session-actions.ts';
import { useVenueTime } from '../../venue/venue-context.tsx';
import type { Attention } from './attention.ts';
import { useAttention } from './use-attention.ts';
import classes from './alert-list.module.css';

/** Where an alert's cause is listed. */
const LISTED_AT: Readonly<Record<string, { readonly to: string; readonly search?: Readonly<Record<string, string>>; readonly label: string }>> = {
  CAPACITY_WARNING: { to: '/visits', search: { show: 'inside' }, label: 'Who' },
  OVERDUE: { to: '/circulation', search: { show: 'overdue' }, label: 'List' },
  EQUIPMENT_OUT_OF_USE: { to: '/equipment', label: 'Board' },
  EMERGENCY: { to: '/emergency', label: 'Roll-call' },
  SCAN_EXCEPTIONS: { to: '/exceptions', label: 'Look' },
};

/** Of the list, for whoever wants to lead to it. */
export const ALERTS_ID = 'alerts';

/** What needs somebody, and one click away what to do about it. */
export function AlertList(): ReactNode {
  const attention = useAttention();
  const announcements = useAnnouncements();
  const { freshness } = useTopic('dashboard');
  const time = useVenueTime();
  return (
    <Panel title="Alerts" testId="alert-list">
      {attention.length === 0 && announcements.length === 0 && <EmptyState title="All is well">Ends of sessions, full rooms and overdue books are told here.</EmptyState>}
      <ul id={ALERTS_ID} className={classes.list} data-stale={isStale(freshness)} tabIndex={0} aria-label="Alerts">
        {attention.map((one) => <AttentionRow key={one.id} one={one} />)}
        {announcements.map(({ id, message, at }) => (
          <li key={id} className={classes.row} data-severity="INFO">
            <IconSpeakerphone size={18} aria-hidden />
            <span className={classes.words}>{message}</span>
            <span className={classes.sent}>{time.time(at)} sent</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function AttentionRow({ one }: { readonly one: Attention }): ReactNode {
  const detail = one.kind === 'ending' ? one.who : one.kind === 'notice' ? one.notice.message : undefined;
  const Shape = one.severity === 'INFO' ? IconInfoCircle : IconAlertTriangle;
  return (
    <li className={classes.row} data-severity={one.severity}>
      <Shape size={18} aria-hidden />
      <div className={classes.words}>
        <div>{wordsOf(one)}</div>
        {detail && <div className={classes.detail}>{detail}</div>}
      </div>
      <AttentionAction one={one} />
    </li>
  );
}

function wordsOf(one: Attention): string {
  if (one.kind === 'ending') return `${one.station} ends in ${one.minutes} min`;
  if (one.kind === 'notice') return one.notice.title;
  return one.alert.message;
}

function AttentionAction({ one }: { readonly one: Attention }): ReactNode {
  const { extend, end } = useSessionActions();
  const acknowledge = useMutation({ mutationFn: (id: string) => api.post(`/api/notifications/${id}/ack`), onError: announceError });
  if (one.kind === 'ending') {
    const session = { sessionId: one.sessionId, station: one.station };
    return (
      <Group gap={4} wrap="nowrap">
        <Button size="compact-xs" variant="default" loading={extend.isPending} onClick={() => extend.mutate(session)}>+15</Button>
        <Button size="compact-xs" variant="default" loading={end.isPending} onClick={() => end.mutate(session)}>End</Button>
      </Group>
    );
  }
  if (one.kind === 'notice') return <Button size="compact-xs" variant="default" loading={acknowledge.isPending} onClick={() => acknowledge.mutate(one.id)}>I take it</Button>;
  const place = LISTED_AT[one.alert.type];
  if (!place || !PAGES.some(({ path }) => path === place.to)) return null;
  return <Anchor component={Link} to={place.to} search={place.search as never} size="sm">{place.label}</Anchor>;
}
