import { Group, Kbd, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { pagesFor } from '../pages/page-list.ts';
import { useUser } from '../session/use-session.ts';
import { shellDialogs } from './shell-dialogs.ts';

/** All keys at a glance; `?` opens it. */
export default function KeysDialog(): ReactNode {
  const { role } = useUser();
  return (
    <Modal opened onClose={shellDialogs.close} title="Keyboard">
      <Stack gap="xs">
        <KeyLine keys={['/']} does="Search people, books and pages" />
        <KeyLine keys={['?']} does="This list" />
        <KeyLine keys={['Esc']} does="Close" />
        <KeyLine keys={['scan']} does="Goes to the desk, wherever the focus is" />
        {pagesFor(role).filter(({ goKey }) => goKey).map(({ goKey, label }) => <KeyLine key={label} keys={['g', goKey!]} does={label} />)}
      </Stack>
    </Modal>
  );
}

function KeyLine({ keys, does }: { readonly keys: readonly string[]; readonly does: string }): ReactNode {
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm">{does}</Text>
      <Group gap={4} wrap="nowrap">{keys.map((key) => <Kbd key={key}>{key}</Kbd>)}</Group>
    </Group>
  );
}
