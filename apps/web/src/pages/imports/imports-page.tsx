import { Alert, Button, Checkbox, FileInput, Group, Progress, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { messageOf } from '../../api/api-error.ts';
import type { ImportKind } from '../../api/import-result.ts';
import { PageHead } from '../../shell/page-head.tsx';
import { Panel } from '../../shell/panel.tsx';
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
  const [form, setForm] = useState({ kind: 'students' as ImportKind, file: null as File | null, full: false, strict: false, confirm: false });
  const { submit, isSending, error, result, reset, open } = useImport();
  const set = (change: Partial<typeof form>) => {
    setForm((before) => ({ ...before, ...change }));
    reset();
  };
  const send = (dryRun: boolean) => form.file && submit({ request: { ...form, file: form.file }, dryRun });
  const previewed = result?.status === 'PREVIEWED' && form.file !== null;
  return (
    <>
      <PageHead title="Imports" lead="Encoding, separators and headers are found by themselves. Running the same file twice changes nothing." />
      <Stack gap="md">
        <Panel title="A file">
          <Stack p="md" gap="md">
            <SegmentedControl data={[...KINDS]} value={form.kind} onChange={(kind) => set({ kind: kind as ImportKind, full: false, confirm: false })} />
            <FileInput label="File" description={READS[form.kind]} placeholder="Choose a file" clearable clearButtonProps={{ 'aria-label': 'Take the file away' }} leftSection={<IconFileUpload size={16} />} value={form.file} onChange={(file) => set({ file })} />
            <Group gap="lg">
              {form.kind === 'students' && <Checkbox label="It is the whole school: who is missing is deactivated" checked={form.full} onChange={(event) => set({ full: event.currentTarget.checked })} />}
              {form.full && <Checkbox label="Even if that is more than a fifth" checked={form.confirm} onChange={(event) => set({ confirm: event.currentTarget.checked })} />}
              <Checkbox label="Write nothing if a row is rejected" checked={form.strict} onChange={(event) => set({ strict: event.currentTarget.checked })} />
            </Group>
            {error && <Alert color="red" role="alert" title="Nothing was written">{messageOf(error)}</Alert>}
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
        {result && result.status !== 'RUNNING' && <ImportOutcomeView result={result} />}
        <LatestImports onOpen={open} />
      </Stack>
    </>
  );
}
