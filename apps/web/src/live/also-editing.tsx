import { Alert } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useEditing } from './presence.ts';

/** Warns when a colleague edits the same record: "Ana is editing PC 3". Tells them the same of us. */
export function AlsoEditing({ name }: { readonly name: string | undefined }): ReactNode {
  const others = useEditing(name);
  if (others.length === 0) return null;
  return (
    <Alert color="gray" icon={<IconPencil size={18} />} role="status" mb="md">
      {others.map(({ username }) => username).join(', ')} {others.length === 1 ? 'is' : 'are'} editing {name}
    </Alert>
  );
}
