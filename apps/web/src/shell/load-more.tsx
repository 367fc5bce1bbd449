import { Button, Center } from '@mantine/core';
import type { ReactNode } from 'react';

export interface LoadMoreProps {
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
}

/** The end of a list of which there is more. */
export function LoadMore({ hasMore, isLoadingMore, loadMore }: LoadMoreProps): ReactNode {
  if (!hasMore) return null;
  return (
    <Center p="sm">
      <Button variant="subtle" loading={isLoadingMore} onClick={loadMore}>Show more</Button>
    </Center>
  );
}
