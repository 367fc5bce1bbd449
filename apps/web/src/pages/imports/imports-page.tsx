import { Alert, Button, Checkbox, Group, Progress, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import type { ImportKind } from '../../api/import-result.ts';
import { PageHead } from '../../shell/page-head.tsx';
import { Panel } from '../../shell/panel.tsx';
import { ColumnForm } from './column-form.tsx';
import { FileDrop } from './file-drop.tsx';
import { columnsOfError, importErrorWords } from './import-error-words.ts';
import type { ColumnChoice } from './import-fields.ts';
import { ImportOutcomeView } from './import-outcome-view.tsx';
import { LatestImports } from './latest-imports.tsx';
import { useImport } from './use-import.ts';

const KINDS: readonly { readonly value: ImportKind; readonly label: string }[] = [
  { value: 'students', label: 'People' },
  { value: 'books', label: 'Books' },
  { value: 'equipment', label: 'Equipment' },
];
const READS: Readonly<Record<ImportKind, string>> = {
  students: 'The school’s own sheet, OneRoster (zip or csv), Koha patrons or Microsoft SDS.',
  books: 'A sheet with barcode and title, or MARC 21 (binary or XML).',
  equipment: 'A sheet with name and type, or Snipe-IT assets.',
};

/** A file is looked at first; nothing is written before its preview was seen. */
export default function ImportsPage(): ReactNode {
  const [form, setForm] = useState({ kind: 'students' as ImportKind, file: null as File | null, full: false, strict: false, confirm: false, mapping: {} as ColumnChoice });
  const { submit, isSending, error, result, reset, open } = useImport();
  const set = (change: Partial<typeof form>) => {
    setForm((before) => ({ ...before, ...change }));
    reset();
  };
  const send = (dryRun: boolean, mapping = form.mapping) => form.file && submit({ request: { ...form, mapping, file: form.file }, dryRun });
  const withColumns = (changes: ColumnChoice) => {
    const mapping = { ...form.mapping, ...changes };
    setForm((before) => ({ ...before, mapping }));
    send(true, mapping);
  };
  const columns = columnsOfError(error) ?? result?.columns ?? null;
  const previewed = result?.status === 'PREVIEWED' && form.file !== null;
  return (
    <>
      <PageHead title="Imports" lead="Encoding, separators and headers are found by themselves. Running the same file twice changes nothing." />
      <Stack gap="md">
        <Panel title="A file">
          <Stack p="md" gap="md">
            <SegmentedControl data={[...KINDS]} value={form.kind} onChange={(kind) => set({ kind: kind as ImportKind, full: false, confirm: false, mapping: {} })} />
            <FileDrop description={READS[form.kind]} file={form.file} onFile={(file) => set({ file, mapping: {} })} />
            <Group gap="lg">
              {form.kind === 'students' && <Checkbox label="It is the whole school: who is missing is deactivated" checked={form.full} onChange={(event) => set({ full: event.currentTarget.checked })} />}
              {form.full && <Checkbox label="Even if that is more than a fifth" checked={form.confirm} onChange={(event) => set({ confirm: event.currentTarget.checked })} />}
              <Checkbox label="Write nothing if a row is rejected" checked={form.strict} onChange={(event) => set({ strict: event.currentTarget.checked })} />
            </Group>
            {error && <Alert color="red" role="alert" title="Nothing was written">{importErrorWords(error)}</Alert>}
            <Group>
              <Button variant={previewed ? 'default' : 'filled'} disabled={form.file === null} loading={isSending} onClick={() => send(true)}>Preview</Button>
              {previewed && <Button loading={isSending} onClick={() => send(false)}>Write it</Button>}
            </Group>
            {result?.status === 'RUNNING' && (
              <div>
                <Text size="sm" mb={4}>At work: {result.progress} %</Text>
                <Progress value={result.progress} aria-label="Progress of the import" />
              </div>
            )}
          </Stack>
        </Panel>
        {form.file && columns && <ColumnForm key={JSON.stringify(columns)} kind={form.kind} columns={columns} needed={columnsOfError(error) !== null} isSending={isSending} onChosen={withColumns} />}
        {result && result.status !== 'RUNNING' && (result.rows.length > 0 || !error) && <ImportOutcomeView result={result} isExplained={error !== null} />}
        <LatestImports onOpen={open} />
      </Stack>
    </>
  );
}
