import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './panel.module.css';

export interface PanelProps {
  readonly title?: string;
  /** Beside the title: a filter, a link. */
  readonly aside?: ReactNode;
  readonly testId?: string;
  readonly children: ReactNode;
}

/** A bordered part of a page. Wide tables scroll inside it, not the page. */
export function Panel({ title, aside, testId, children }: PanelProps): ReactNode {
  return (
    <section className={classes.panel} aria-label={title} data-testid={testId}>
      {title !== undefined && (
        <header className={classes.head}>
          <Title order={2}>{title}</Title>
          {aside}
        </header>
      )}
      <div className={classes.table}>{children}</div>
    </section>
  );
}
