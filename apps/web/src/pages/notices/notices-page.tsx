import { useTopic } from '@clms/client/react';
import { Button, SegmentedControl, Text } from '@mantine/core';
import { IconPencilPlus } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { messageOf } from '../../api/api-error.ts';
import type { Notice } from '../../api/notice.ts';
import { usePages } from '../../api/use-pages.ts';
import { awaitsAcknowledgement } from '../../live/awaits-acknowledgement.ts';
import { useServerNow } from '../../live/use-server-now.ts';
import { announceError } from '../../shell/announce-change.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { LoadMore } from '../../shell/load-more.tsx';
import { PageHead } from '../../shell/page-head.tsx';
import { PageLoading } from '../../shell/page-loading.tsx';
import { ComposeDialog } from './compose-dialog.tsx';
import { NoticeCard } from './notice-card.tsx';
import { useMarkSeen } from './use-mark-seen.ts';
import classes from './notices.module.css';

/** What the library and colleagues told, and what still waits for somebody to take it. */
export default function NoticesPage(): ReactNode {
  const [waitingOnly, setWaitingOnly] = useState(false);
  const [composing, setComposing] = useState(false);
  const notices = usePages<Notice>('notices', '/api/notifications');
  const queries = useQueryClient();
  const now = useServerNow(10_000);
  const { state: live } = useTopic('notifications');
  useEffect(() => void queries.invalidateQueries({ queryKey: ['notices'] }), [queries, live]);
  useMarkSeen(notices.items);
  const acknowledge = useMutation({
    mutationFn: (notice: Notice) => api.post(`/api/notifications/${notice.id}/ack`, {}),
    onError: announceError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['notices'] }),
  });
  const waiting = notices.items.filter((notice) => awaitsAcknowledgement(notice, now));
  const shown = waitingOnly ? waiting : notices.items;
  return (
    <>
      <PageHead title="Notices" lead={waiting.length === 0 ? 'Nothing waits for you' : `${waiting.length} ${waiting.length === 1 ? 'waits' : 'wait'} to be taken`}>
        <SegmentedControl data={[{ value: 'all', label: 'All' }, { value: 'waiting', label: 'Waiting' }]} value={waitingOnly ? 'waiting' : 'all'} onChange={(value) => setWaitingOnly(value === 'waiting')} />
        <Button leftSection={<IconPencilPlus size={16} />} onClick={() => setComposing(true)}>Write a notice</Button>
      </PageHead>
      {notices.isLoading && <PageLoading />}
      {notices.error && <Text c="red">{messageOf(notices.error)}</Text>}
      {!notices.isLoading && !notices.error && shown.length === 0 && (
        <EmptyState title={waitingOnly ? 'Nothing waits' : 'No notices'}>Time limits, books that are ready and messages of colleagues come here by themselves.</EmptyState>
      )}
      <ol className={classes.list}>
        {shown.map((notice) => (
          <NoticeCard key={notice.id} notice={notice} now={now} isSending={acknowledge.isPending && acknowledge.variables.id === notice.id} onAcknowledge={() => acknowledge.mutate(notice)} />
        ))}
      </ol>
      <LoadMore {...notices} />
      {composing && <ComposeDialog onClose={() => setComposing(false)} />}
    </>
  );
}
