import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { ApiError } from '../../api/api-error.ts';
import type { ImportKind, ImportResult } from '../../api/import-result.ts';
import { newId } from '../../api/new-id.ts';
import type { ColumnChoice } from './import-fields.ts';

export interface ImportRequest {
  readonly file: File;
  readonly kind: ImportKind;
  readonly full: boolean;
  readonly strict: boolean;
  readonly confirm: boolean;
  readonly mapping: ColumnChoice;
}

const RUNNING_POLL_MS = 500;

/** Sends a file for preview and then for writing; a large one is followed until it is done. */
export function useImport() {
  const queries = useQueryClient();
  const [id, setId] = useState<string | null>(null);
  const submit = useMutation({
    mutationFn: ({ request, dryRun }: { readonly request: ImportRequest; readonly dryRun: boolean }) => send(request, dryRun),
    onSuccess: (result) => {
      queries.setQueryData(['import', result.id], result);
      setId(result.id);
    },
    onError: (error) => {
      // The rows to correct are in the import that was refused.
      const importId = error instanceof ApiError ? error.problem.details?.['importId'] : undefined;
      setId(typeof importId === 'string' ? importId : null);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['imports'] }),
  });
  const { data: result } = useQuery({
    queryKey: ['import', id],
    queryFn: () => api.get<ImportResult>(`/api/imports/${id}`),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data?.status === 'RUNNING' ? RUNNING_POLL_MS : false),
  });
  const reset = () => {
    setId(null);
    submit.reset();
  };
  return { submit: submit.mutate, isSending: submit.isPending, error: submit.error, result: id === null ? undefined : result, reset, open: setId };
}

async function send({ file, kind, full, strict, confirm, mapping }: ImportRequest, dryRun: boolean): Promise<ImportResult> {
  const query = new URLSearchParams({ kind, dryRun: String(dryRun), full: String(full), strict: String(strict), confirm: String(confirm), ...(Object.keys(mapping).length > 0 && { mapping: JSON.stringify(mapping) }) });
  const body = new FormData();
  body.append('file', file, file.name);
  const response = await api.raw(`/api/imports?${query}`, { method: 'POST', body, headers: { 'Idempotency-Key': newId() } });
  return (await response.json()) as ImportResult;
}
