import { Badge, Button, Group, Select, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState, type ReactNode } from 'react';
import { messageOf } from '../../api/api-error.ts';
import { usePages } from '../../api/use-pages.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { LoadMore } from '../../shell/load-more.tsx';
import { PageHead } from '../../shell/page-head.tsx';
import { PageLoading } from '../../shell/page-loading.tsx';
import { Panel } from '../../shell/panel.tsx';
import { useVenueTime } from '../../venue/venue-context.tsx';
import { AUDIT_CHOICES, auditWords, detailWords } from './audit-words.ts';
import { useAccountNames } from './use-account-names.ts';
import stacked from '../../shell/stacked-table.module.css';

interface AuditRecord {
  readonly id: string;
  readonly at: string;
  readonly actorId: string;
  readonly actorName: string;
  readonly action: string;
  readonly entity: string | null;
  readonly entityId: string | null;
  readonly outcome: string;
  readonly address: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

const OUTCOME_WORDS: Readonly<Record<string, string>> = { OK: 'Done' };
const NO_FILTER = { action: null as string | null, actorId: '', actorName: '', entityId: '', outcome: null as string | null };

/** Who did what and when, look-ups of people included. */
export default function AuditPage(): ReactNode {
  const [filter, setFilter] = useState(NO_FILTER);
  const [asked] = useDebouncedValue(filter, 300);
  const time = useVenueTime();
  const records = usePages<AuditRecord>('audit', '/api/audit', { limit: 100, action: asked.action, actorId: asked.actorId, entityId: asked.entityId.trim(), outcome: asked.outcome });
  const names = useAccountNames();
  const whoOf = ({ actorName, actorId }: AuditRecord) => actorName || (names.get(actorId) ?? (actorId === 'unknown' ? 'Not signed in' : 'A former account'));
  const set = (change: Partial<typeof filter>) => setFilter((before) => ({ ...before, ...change }));
  const outcomes = [...new Set(records.items.map(({ outcome }) => outcome))].toSorted();
  return (
    <>
      <PageHead title="Audit" lead="Names of people are never in it: an id leads to the person while the record exists." />
      <Group mb="md" gap="sm" align="flex-end">
        <Select label="What" placeholder="All" clearable searchable data={AUDIT_CHOICES} value={filter.action} onChange={(action) => set({ action })} />
        <TextInput label="About (id)" maxLength={128} value={filter.entityId} onChange={(event) => set({ entityId: event.currentTarget.value })} />
        <Select label="Outcome" placeholder="All" clearable w={150} data={outcomes.map((value) => ({ value, label: OUTCOME_WORDS[value] ?? auditWords(value) }))} value={filter.outcome} onChange={(outcome) => set({ outcome })} />
        {filter.actorId !== '' && <Badge size="lg">By {filter.actorName}</Badge>}
        {filter !== NO_FILTER && <Button variant="subtle" color="gray" onClick={() => setFilter(NO_FILTER)}>Show all</Button>}
      </Group>
      <Panel testId="audit">
        {records.isLoading && <PageLoading />}
        {records.error && <Text c="red" p="md">{messageOf(records.error)}</Text>}
        {!records.isLoading && !records.error && records.items.length === 0 && <EmptyState title="Nothing fits">Take a filter away to see more.</EmptyState>}
        {records.items.length > 0 && (
          <Table className={stacked.stacked} miw={1100}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>When</Table.Th>
                <Table.Th>Who</Table.Th>
                <Table.Th>What</Table.Th>
                <Table.Th>About</Table.Th>
                <Table.Th>Outcome</Table.Th>
                <Table.Th>Details</Table.Th>
                <Table.Th>From</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {records.items.map((record) => (
                <Table.Tr key={record.id}>
                  <Table.Td style={{ whiteSpace: 'nowrap' }}>{time.day(record.at)} {time.clock(record.at)}</Table.Td>
                  <Table.Td><Button size="compact-sm" variant="subtle" onClick={() => set({ actorId: record.actorId, actorName: whoOf(record) })}>{whoOf(record)}</Button></Table.Td>
                  <Table.Td><Button size="compact-sm" variant="subtle" onClick={() => set({ action: record.action })}>{auditWords(record.action)}</Button></Table.Td>
                  <Table.Td>{record.entityId === null ? '–' : <Button size="compact-sm" variant="subtle" onClick={() => set({ entityId: record.entityId! })}>{names.get(record.entityId) ?? auditWords(record.entity ?? 'entry').toLowerCase()}</Button>}</Table.Td>
                  <Table.Td><Badge color={record.outcome === 'OK' ? 'gray' : 'amber'}>{OUTCOME_WORDS[record.outcome] ?? auditWords(record.outcome)}</Badge></Table.Td>
                  <Table.Td miw={260} maw={420}><Text size="sm" lineClamp={2} title={detailWords(record.details)}>{detailWords(record.details)}</Text></Table.Td>
                  <Table.Td style={{ whiteSpace: 'nowrap' }}>{record.address ?? '–'}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
        <LoadMore {...records} />
      </Panel>
    </>
  );
}
