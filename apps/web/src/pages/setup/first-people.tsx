import { Alert, Button, FileButton, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconSchool, IconUpload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { messageOf } from '../../api/api-error.ts';

interface Preview {
  readonly counts: { readonly create: number; readonly review: number; readonly reject: number };
  readonly rows: readonly { readonly line: number; readonly outcome: string; readonly reasons: readonly string[] }[];
}

/** Rows shown that want a look; the rest is in the imports page. */
const SHOWN_ROWS = 6;

async function submit(file: File, dryRun: boolean): Promise<Preview> {
  const form = new FormData();
  form.set('file', file);
  const response = await api.raw(`/api/imports?kind=students&dryRun=${dryRun}`, { method: 'POST', body: form });
  return (await response.json()) as Preview;
}

/** After setup: an empty library needs its people, or an invented school for looking around. */
export function FirstPeople({ onDone }: { readonly onDone: () => void }): ReactNode {
  const [file, setFile] = useState<File | null>(null);
  const preview = useMutation({ mutationFn: (chosen: File) => submit(chosen, true) });
  const apply = useMutation({ mutationFn: (chosen: File) => submit(chosen, false), onSuccess: onDone });
  const demo = useMutation({ mutationFn: () => api.raw('/api/demo-school', { method: 'POST' }), onSuccess: onDone });
  const choose = (chosen: File | null): void => {
    setFile(chosen);
    if (chosen) preview.mutate(chosen);
  };
  const failed = preview.error ?? apply.error ?? demo.error;
  return (
    <Stack>
      <FileButton onChange={choose} accept=".csv,.txt,.zip,.tsv">
        {(props) => <Button {...props} size="md" leftSection={<IconUpload size={18} />} loading={preview.isPending} fullWidth>Import a roster…</Button>}
      </FileButton>
      {file && preview.data && (
        <Stack gap="xs">
          <Text>
            {file.name}: {preview.data.counts.create + preview.data.counts.review} people to add
            {preview.data.counts.review > 0 && `, ${preview.data.counts.review} of them to look at`}
            {preview.data.counts.reject > 0 && `, ${preview.data.counts.reject} rows left out`}.
          </Text>
          {preview.data.rows.filter((row) => row.reasons.length > 0).slice(0, SHOWN_ROWS).map((row) => (
            <Text key={row.line} size="sm" c="dimmed">Line {row.line}: {row.reasons.join('; ')}</Text>
          ))}
          <Button onClick={() => apply.mutate(file)} loading={apply.isPending}>Add them</Button>
        </Stack>
      )}
      <Button variant="default" size="md" leftSection={<IconSchool size={18} />} onClick={() => demo.mutate()} loading={demo.isPending} fullWidth>Load the demo school</Button>
      <Text size="sm" c="dimmed">Invented people, books and stations, for looking around. Only an empty library takes it.</Text>
      {failed && <Alert color="red" icon={<IconAlertTriangle size={18} />} role="alert">{messageOf(failed)}</Alert>}
      <Group justify="flex-end"><Button variant="subtle" onClick={onDone}>Start empty</Button></Group>
    </Stack>
  );
}
