import { Alert, Button } from '@mantine/core';
import type { ReactNode } from 'react';

/** A colleague saved what is being changed here. What was typed stays until one takes theirs. */
export function ChangedMeanwhile({ onTake }: { readonly onTake: () => void }): ReactNode {
  return (
    <Alert color="gray" role="status" mb="md" title="Somebody else saved this in the meantime">
      What you typed is still here, and cannot be saved over theirs.
      <Button size="compact-sm" variant="default" display="block" mt="xs" onClick={onTake}>Show what was saved, and drop mine</Button>
    </Alert>
  );
}
