import { Avatar } from '@mantine/core';
import type { ReactNode } from 'react';

export interface InitialsProps {
  readonly surname: string;
  readonly givenName: string;
  readonly size?: number;
}

/** Stands where a photograph would: the library keeps none. */
export function Initials({ surname, givenName, size = 64 }: InitialsProps): ReactNode {
  const letters = [...givenName.trim()].slice(0, 1).concat([...surname.trim()].slice(0, 1)).join('').toUpperCase();
  return <Avatar size={size} radius="md" color="accent" aria-hidden>{letters}</Avatar>;
}
