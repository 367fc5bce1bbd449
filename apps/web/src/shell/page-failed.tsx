import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { messageOf } from '../api/api-error.ts';

/** A page that could not be drawn; the rest of the shell goes on. */
export function PageFailed({ error, reset }: ErrorComponentProps): ReactNode {
  const router = useRouter();
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Stack maw={560} p="lg" role="alert">
      <Title order={1}>This page could not be shown</Title>
      <Text c="dimmed">{messageOf(error)}</Text>
      <Group>
        <Button onClick={again}>Try again</Button>
        <Button variant="default" onClick={() => window.location.reload()}>Load anew</Button>
      </Group>
    </Stack>
  );
}
