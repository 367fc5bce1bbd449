import { Center, Loader } from '@mantine/core';
import type { ReactNode } from 'react';

export function PageLoading(): ReactNode {
  return (
    <Center mih={240}>
      <Loader size="sm" aria-label="Loading" />
    </Center>
  );
}
