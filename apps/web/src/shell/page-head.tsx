import { Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

export interface PageHeadProps {
  readonly title: string;
  readonly lead?: ReactNode;
  /** Buttons and filters on the right. */
  readonly children?: ReactNode;
}

export function PageHead({ title, lead, children }: PageHeadProps): ReactNode {
  return (
    <Group justify="space-between" align="flex-end" gap="sm" mb="md" preventGrowOverflow={false}>
      <div style={{ flex: '1 1 280px', minWidth: 0 }}>
        <Title order={1}>{title}</Title>
        {lead !== undefined && <Text c="dimmed" size="sm" data-lead>{lead}</Text>}
      </div>
      {children !== undefined && <Group gap="xs">{children}</Group>}
    </Group>
  );
}
