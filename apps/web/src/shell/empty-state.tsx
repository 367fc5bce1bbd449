import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './empty-state.module.css';

/** A list without entries says what to do first. */
export function EmptyState({ title, children, action }: { readonly title: string; readonly children?: ReactNode; readonly action?: ReactNode }): ReactNode {
  return (
    <div className={classes.empty}>
      <Title order={2}>{title}</Title>
      {children !== undefined && <Text c="dimmed" maw={420}>{children}</Text>}
      {action}
    </div>
  );
}
