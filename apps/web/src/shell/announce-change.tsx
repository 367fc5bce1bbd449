import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle } from '@tabler/icons-react';
import { messageOf } from '../api/api-error.ts';

/** How long something done can be taken back. */
export const UNDO_MS = 10_000;

/** Says what was done, and offers to take it back for 10 s. */
export function announceDone(message: string, undo?: () => unknown): void {
  const id = notifications.show({
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        {undo && (
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => {
              notifications.hide(id);
              Promise.resolve(undo()).catch(announceError);
            }}
          >
            Undo
          </Button>
        )}
      </Group>
    ),
    autoClose: undo ? UNDO_MS : 5_000,
    withBorder: true,
    closeButtonProps: { 'aria-label': 'Close' },
  });
}

/** Says why something was not done. */
export function announceError(error: unknown): void {
  notifications.show({ color: 'red', icon: <IconAlertTriangle size={18} />, title: 'Not done', message: messageOf(error), autoClose: 10_000, withBorder: true, closeButtonProps: { 'aria-label': 'Close' } });
}
