import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle } from '@tabler/icons-react';
import { DOUBLE_CLICK_MS } from '../api/api-client.ts';
import { messageOf } from '../api/api-error.ts';

/** How long something done can be taken back. */
export const UNDO_MS = 10_000;

let last = { said: '', at: Number.NEGATIVE_INFINITY };

/** Both clicks of a double click learn what became of it; it is said once. */
function saidJustNow(said: string): boolean {
  const at = performance.now();
  const again = said === last.said && at - last.at < DOUBLE_CLICK_MS;
  last = { said, at };
  return again;
}

/** Says what was done, and offers to take it back for 10 s. */
export function announceDone(message: string, undo?: () => unknown): void {
  if (saidJustNow(message)) return;
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
  if (saidJustNow(messageOf(error))) return;
  notifications.show({ color: 'red', icon: <IconAlertTriangle size={18} />, title: 'Not done', message: messageOf(error), autoClose: 10_000, withBorder: true, closeButtonProps: { 'aria-label': 'Close' } });
}
