import { Button, Text } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';
import { DoorFrame } from '../pages/login/door-frame.tsx';

const TRY_AGAIN_MS = 5_000;

/** The page was loaded, but the server does not say who is signed in: it tries again by itself. */
export function ServerAway(): ReactNode {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => void router.invalidate(), TRY_AGAIN_MS);
    return () => clearInterval(timer);
  }, [router]);
  return (
    <DoorFrame title="The server does not answer" lead="This page tries again every few seconds.">
      <Text size="sm" mb="md">Check that the computer that runs CLMS is on and that this one is on the same network.</Text>
      <Button variant="default" onClick={() => void router.invalidate()}>Try now</Button>
    </DoorFrame>
  );
}
