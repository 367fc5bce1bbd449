import { UnstyledButton, type UnstyledButtonProps } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import type { ComponentProps, ReactNode } from 'react';
import { useUser } from '../session/use-session.ts';
import classes from './user-menu.module.css';

/** Who is signed in; takes whatever a menu gives its target. */
export function UserMenuButton(props: UnstyledButtonProps & ComponentProps<'button'>): ReactNode {
  const user = useUser();
  return (
    <UnstyledButton {...props} className={classes.button} aria-label={`Account of ${user.username}`}>
      <span className={classes.name}>{user.displayName ?? user.username}</span>
      <IconChevronDown size={16} />
    </UnstyledButton>
  );
}
