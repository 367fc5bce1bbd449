import type { GradeCategory } from '@clms/protocol';
import { useTopic } from '@clms/client/react';
import { Button, Group, SegmentedControl, Select, Table, Text, VisuallyHidden } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { messageOf } from '../../api/api-error.ts';
import { GRADE_CATEGORY_WORDS, gradeAndSection } from '../../api/person.ts';
import { usePages } from '../../api/use-pages.ts';
import type { Visit } from '../../api/visit.ts';
import { useServerNow } from '../../live/use-server-now.ts';
import { announceDone, announceError } from '../../shell/announce-change.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { LoadMore } from '../../shell/load-more.tsx';
import { PageHead } from '../../shell/page-head.tsx';
import { PageLoading } from '../../shell/page-loading.tsx';
import { Panel } from '../../shell/panel.tsx';
import { useVenue, useVenueTime } from '../../venue/venue-context.tsx';
import { duration } from '../../venue/venue-time.ts';
import stacked from '../../shell/stacked-table.module.css';
import { MoveMenu } from './move-menu.tsx';

const PAGE = 100;
const GRADES = Object.entries(GRADE_CATEGORY_WORDS).map(([value, label]) => ({ value, label }));
const ENDED_BY: Readonly<Record<string, string>> = { CLOSING: 'at closing', STAFF: 'by staff' };

/** The lists behind the figures of attendance: who is inside, and everybody of today. */
export default function VisitsPage(): ReactNode {
  const { show = 'inside', location, grade } = useSearch({ strict: false }) as { show?: 'inside' | 'today'; location?: string; grade?: GradeCategory };
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { locations } = useVenue();
  const time = useVenueTime();
  const now = useServerNow(10_000);
  const visits = usePages<Visit>('visits', '/api/visits', { limit: PAGE, location, gradeCategory: grade, ...(show === 'inside' ? { open: true } : { date: time.date(now) }) });
  const metrics = useTopic('dashboard').state?.metrics;
  const newest = useTopic('activities', { activityType: ['CHECK_IN', 'CHECK_OUT'] }).state[0]?.id;
  useEffect(() => void queries.invalidateQueries({ queryKey: ['visits'] }), [queries, newest, metrics?.occupancy]);
  const checkOut = useMutation({
    mutationFn: (visit: Visit) => api.post<Visit>(`/api/visits/${visit.id}/checkout`),
    onSuccess: (ended, visit) => announceDone(`${visit.studentName ?? 'Visit'}: checked out ${time.time(ended.checkedOutAt ?? now)}`, ended.studentId === null ? undefined : () => api.post('/api/visits', { studentId: ended.studentId, location: ended.location })),
    onError: announceError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['visits'] }),
  });
  const filter = (change: { show?: string; location?: string | undefined; grade?: string | undefined }) => void navigate({ to: '/visits', search: { show, location, grade, ...change } as never, replace: true });
  const filtered = location !== undefined || grade !== undefined;
  const total = !filtered ? (show === 'inside' ? metrics?.occupancy : metrics?.visitsToday) : undefined;
  return (
    <>
      <PageHead title="Visits" lead={total === undefined ? `${visits.items.length}${visits.hasMore ? ' or more' : ''} shown` : `${total} ${show === 'inside' ? 'inside now' : 'today'}`}>
        <Select aria-label="Location" placeholder="All locations" clearable w={180} data={locations.map(({ name }) => name)} value={location ?? null} onChange={(chosen) => filter({ location: chosen ?? undefined })} />
        <Select aria-label="Grade" placeholder="All grades" clearable w={160} data={GRADES} value={grade ?? null} onChange={(chosen) => filter({ grade: chosen ?? undefined })} />
        <SegmentedControl data={[{ value: 'inside', label: 'Inside now' }, { value: 'today', label: 'Today' }]} value={show} onChange={(value) => filter({ show: value })} />
      </PageHead>
      <Panel>
        {visits.isLoading && <PageLoading />}
        {visits.error && <Text c="red" p="md">{messageOf(visits.error)}</Text>}
        {!visits.isLoading && !visits.error && visits.items.length === 0 && (
          <EmptyState title={filtered ? 'Nobody fits' : show === 'inside' ? 'Nobody is inside' : 'Nobody came yet today'} action={filtered && <Button variant="default" onClick={() => filter({ location: undefined, grade: undefined })}>Show all</Button>}>{filtered ? 'Take the filter away to see everybody.' : 'Cards scanned at the kiosk or at the desk appear here at once.'}</EmptyState>
        )}
        {visits.items.length > 0 && (
          <Table className={stacked.stacked} miw={720} highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Grade and section</Table.Th>
                <Table.Th>Location</Table.Th>
                <Table.Th>In</Table.Th>
                <Table.Th>{show === 'inside' ? 'For' : 'Out'}</Table.Th>
                <Table.Th><VisuallyHidden>Actions</VisuallyHidden></Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {visits.items.map((visit) => (
                <Table.Tr key={visit.id}>
                  <Table.Td fw={600}>
                    {visit.studentId === null ? 'Erased' : <Link to="/desk" search={{ person: visit.studentId } as never} style={{ color: 'inherit' }}>{visit.studentName ?? 'Somebody'}</Link>}
                  </Table.Td>
                  <Table.Td>{gradeAndSection(visit)}</Table.Td>
                  <Table.Td>{visit.location}</Table.Td>
                  <Table.Td data-label="in">{time.time(visit.checkedInAt)}</Table.Td>
                  <Table.Td data-label={visit.checkedOutAt === null ? 'for' : 'out'}>
                    {visit.checkedOutAt === null ? duration(now - Date.parse(visit.checkedInAt)) : `${time.time(visit.checkedOutAt)} ${ENDED_BY[visit.endedBy ?? ''] ?? ''}`}
                  </Table.Td>
                  <Table.Td>
                    {visit.checkedOutAt === null && (
                      <Group gap={4} justify="flex-end" wrap="nowrap">
                        <MoveMenu visit={visit} />
                        <Button size="compact-sm" variant="subtle" onClick={() => checkOut.mutate(visit)}>Check out</Button>
                      </Group>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
        <LoadMore {...visits} />
      </Panel>
    </>
  );
}
