import { useTopic } from '@clms/client/react';
import { Badge, Button, SegmentedControl, Table, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { messageOf } from '../../api/api-error.ts';
import { usePages } from '../../api/use-pages.ts';
import { useServerNow } from '../../live/use-server-now.ts';
import { announceError } from '../../shell/announce-change.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { LoadMore } from '../../shell/load-more.tsx';
import { PageHead } from '../../shell/page-head.tsx';
import { PageLoading } from '../../shell/page-loading.tsx';
import { Panel } from '../../shell/panel.tsx';
import { useVenueTime } from '../../venue/venue-context.tsx';
import stacked from '../../shell/stacked-table.module.css';

interface ScanException {
  readonly id: string;
  readonly at: string;
  readonly station: string;
  readonly barcode: string;
  readonly kind: 'UNKNOWN_BARCODE' | 'CLOCK_SKEW' | 'CONFLICT';
  readonly detail: string;
  readonly resolvedAt: string | null;
  readonly resolvedBy: string | null;
}

const KINDS = { UNKNOWN_BARCODE: 'Unknown code', CLOCK_SKEW: 'Wrong clock', CONFLICT: 'Conflict' } as const;

/** Scans that could not be settled without a person. Nothing of them is lost; here they are dealt with. */
export default function ExceptionsPage(): ReactNode {
  const [resolved, setResolved] = useState(false);
  const exceptions = usePages<ScanException>('exceptions', '/api/scans/exceptions', { resolved });
  const queries = useQueryClient();
  const time = useVenueTime();
  const now = useServerNow(30_000);
  const count = useTopic('dashboard').state?.alerts.find(({ type }) => type === 'SCAN_EXCEPTIONS')?.count;
  useEffect(() => void queries.invalidateQueries({ queryKey: ['exceptions'] }), [queries, count]);
  const resolve = useMutation({
    mutationFn: (exception: ScanException) => api.post(`/api/scans/exceptions/${exception.id}/resolve`),
    onError: announceError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['exceptions'] }),
  });
  return (
    <>
      <PageHead title="Scans that need a look" lead="Unknown codes, and scans kept offline that do not fit what was written since.">
        <SegmentedControl data={[{ value: 'open', label: 'Open' }, { value: 'done', label: 'Dealt with' }]} value={resolved ? 'done' : 'open'} onChange={(value) => setResolved(value === 'done')} />
      </PageHead>
      <Panel>
        {exceptions.isLoading && <PageLoading />}
        {exceptions.error && <Text c="red" p="md">{messageOf(exceptions.error)}</Text>}
        {!exceptions.isLoading && exceptions.items.length === 0 && <EmptyState title={resolved ? 'None yet' : 'Nothing to look at'}>Every scan so far was understood.</EmptyState>}
        {exceptions.items.length > 0 && (
          <Table className={stacked.stacked} miw={760}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>When</Table.Th>
                <Table.Th>Code</Table.Th>
                <Table.Th>What</Table.Th>
                <Table.Th>Detail</Table.Th>
                <Table.Th>Station</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {exceptions.items.map((exception) => (
                <Table.Tr key={exception.id}>
                  <Table.Td>{time.moment(exception.at, now)}</Table.Td>
                  <Table.Td fw={600}>{exception.barcode}</Table.Td>
                  <Table.Td><Badge color={exception.kind === 'UNKNOWN_BARCODE' ? 'gray' : 'amber'}>{KINDS[exception.kind]}</Badge></Table.Td>
                  <Table.Td>{exception.detail}</Table.Td>
                  <Table.Td data-label="at">{exception.station}</Table.Td>
                  <Table.Td ta="right">{exception.resolvedAt === null ? <Button size="compact-sm" variant="subtle" onClick={() => resolve.mutate(exception)}>Dealt with</Button> : time.moment(exception.resolvedAt, now)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
        <LoadMore {...exceptions} />
      </Panel>
    </>
  );
}
