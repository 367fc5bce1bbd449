import { Button, Checkbox, Code, CopyButton, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { FormProblem } from '../../shell/form-problem.tsx';

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
}

export const SCOPES = [
  { value: 'publish', label: 'Publish events' },
  { value: 'read', label: 'Read' },
  { value: 'metrics', label: 'Collect metrics' },
];

/** Makes a key and shows it, here and never again. */
export function AddKeyDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<string[]>(['publish']);
  const make = useMutation({
    mutationFn: () => api.post<ApiKey & { readonly key: string }>('/api/api-keys', { name: name.trim(), scopes }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['api-keys'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={make.data ? make.data.name : 'Make a key'} closeOnClickOutside={!make.data}>
      {make.data ? (
        <Stack>
          <Text size="sm">Copy it now: the server keeps only its fingerprint.</Text>
          <Code block>{make.data.key}</Code>
          <Group justify="flex-end">
            <CopyButton value={make.data.key}>{({ copied, copy }) => <Button variant="default" onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>}</CopyButton>
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <TextInput label="Name" placeholder="School portal" required data-autofocus maxLength={80} value={name} onChange={(event) => setName(event.currentTarget.value)} />
            <Checkbox.Group label="It may" value={scopes} onChange={setScopes}>
              <Group mt={4}>{SCOPES.map(({ value, label }) => <Checkbox key={value} value={value} label={label} />)}</Group>
            </Checkbox.Group>
            <FormProblem error={make.error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>Cancel</Button>
              <Button type="submit" loading={make.isPending} disabled={scopes.length === 0}>Make it</Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
