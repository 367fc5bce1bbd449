import { Anchor, Badge, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { messageOf } from '../../api/api-error.ts';
import { Panel } from '../../shell/panel.tsx';
import { duration } from '../../venue/venue-time.ts';

interface Health {
  readonly status: string;
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly database: { readonly ok: boolean };
  readonly websocket: { readonly enabled: boolean; readonly path: string; readonly port: number | null; readonly connections: number };
  readonly broker: { readonly kind: string; readonly ok: boolean };
}

/** What the server says of itself, and where its backups come from. */
export function ServerHealth(): ReactNode {
  const { data, error } = useQuery({ queryKey: ['health'], queryFn: () => api.get<Health>('/health'), refetchInterval: 10_000 });
  return (
    <div style={{ marginBottom: 16 }}>
      <Panel title="Server">
        <Stack p="md" gap="xs">
          {error && <Text c="red">{messageOf(error)}</Text>}
          {data && (
            <Group gap="xs">
              <Badge color={data.database.ok ? 'accent' : 'red'}>Database {data.database.ok ? 'usable' : 'not usable'}</Badge>
              <Badge color={data.broker.ok ? 'accent' : 'red'}>Events ({data.broker.kind}) {data.broker.ok ? 'flow' : 'stand still'}</Badge>
              <Text size="sm">Version {data.version}, up for {duration(data.uptimeSeconds * 1000)}, {data.websocket.connections} connected</Text>
            </Group>
          )}
          <Text size="sm" c="dimmed">A backup, also while the server runs: <code>npm run clms -- backup</code> in its folder; <code>npm run clms -- restore &lt;file&gt;</code> brings it back.</Text>
          <Group gap="md">
            <Anchor href="/api/docs" size="sm">HTTP API</Anchor>
            <Anchor href="/api/asyncapi.json" size="sm">Events (AsyncAPI)</Anchor>
          </Group>
        </Stack>
      </Panel>
    </div>
  );
}
