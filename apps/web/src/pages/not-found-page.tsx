import { Button, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { DoorFrame } from './login/door-frame.tsx';

export function NotFoundPage(): ReactNode {
  return (
    <DoorFrame title="No such page" lead="The address leads nowhere.">
      <Text mb="md" size="sm">It may have been mistyped, belong to another version, or be for another role than yours.</Text>
      <Button component={Link} to="/">To the dashboard</Button>
    </DoorFrame>
  );
}
