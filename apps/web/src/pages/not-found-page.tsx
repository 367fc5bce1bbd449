import { Button, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { DoorFrame } from './login/door-frame.tsx';

export function NotFoundPage(): ReactNode {
  return (
    <DoorFrame title="No such page" lead="The address leads nowhere.">
      <Text mb="md" size="sm">It may have been mistyped, or belong to another version.</Text>
      <Button component={Link} to="/">To the dashboard</Button>
    </DoorFrame>
  );
}
