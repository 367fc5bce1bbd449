import { Button, Group, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import type { ImportColumn, ImportKind } from '../../api/import-result.ts';
import { Panel } from '../../shell/panel.tsx';
import { changedFields, choiceOf, columnAt, IMPORT_FIELDS, type ColumnChoice } from './import-fields.ts';

export interface ColumnFormProps {
  readonly kind: ImportKind;
  readonly columns: readonly ImportColumn[];
  /** Opened from the start: the file could not be read as it is. */
  readonly needed: boolean;
  readonly isSending: boolean;
  readonly onChosen: (changes: ColumnChoice) => void;
}

const NONE = 'none';

/** Which column of the file is what. Shown as it was read; changed by hand where that was wrong. */
export function ColumnForm({ kind, columns, needed, isSending, onChosen }: ColumnFormProps): ReactNode {
  const read = choiceOf(columns);
  const [chosen, setChosen] = useState<ColumnChoice>({});
  const [open, setOpen] = useState(needed);
  const fields = IMPORT_FIELDS[kind];
  const listed = new Set(fields.map(({ name }) => name));
  const others = columns.filter(({ field }) => field !== null && !listed.has(field)).map(({ header }) => header);
  const changes = changedFields(read, chosen);
  const data = [{ value: NONE, label: 'Not in the file' }, ...columns.map(({ header }, index) => ({ value: columnAt(index), label: header || `Column ${index + 1}` }))];
  return (
    <Panel title="Columns" testId="import-columns" aside={!open && <Button size="compact-sm" variant="default" onClick={() => setOpen(true)}>Change</Button>}>
      {open ? (
        <Stack p="md">
          <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm">
            {fields.map(({ name, words }) => (
              <Select key={name} label={words} data={data} allowDeselect={false} searchable={columns.length > 12} value={(chosen[name] ?? read[name]) || NONE} onChange={(value) => value && setChosen((before) => ({ ...before, [name]: value === NONE ? '' : value }))} />
            ))}
          </SimpleGrid>
          {others.length > 0 && <Text size="sm" c="dimmed">Read as well, as this format means them: {others.join(', ')}.</Text>}
          <Group><Button disabled={Object.keys(changes).length === 0} loading={isSending} onClick={() => onChosen(changes)}>Preview with these columns</Button></Group>
        </Stack>
      ) : (
        <Text p="md" size="sm">{fields.flatMap(({ name, words }) => { const header = columns.find(({ field }) => field === name)?.header; return header === undefined ? [] : [`${words}: ${header || 'a column without a header'}`]; }).join(' · ')}</Text>
      )}
    </Panel>
  );
}
