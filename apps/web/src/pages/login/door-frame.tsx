import { Paper, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './door-frame.module.css';

/** Frame of the pages before the login. */
export function DoorFrame({ title, lead, children }: { readonly title: string; readonly lead: string; readonly children: ReactNode }): ReactNode {
  return (
    <main className={classes.door}>
      <div className={classes.column}>
        <div className={classes.brand}>
          <img src="/icon.svg" width={40} height={40} alt="" />
          CLMS
        </div>
        <Paper p="lg" radius="lg" shadow="sm">
          <Title order={1} mb={4}>{title}</Title>
          <Text c="dimmed" size="sm" mb="lg">{lead}</Text>
          {children}
        </Paper>
      </div>
    </main>
  );
}
