import { UnstyledButton, type UnstyledButtonProps } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import type { ComponentProps, ReactNode } from 'react';
import { useVenue } from '../venue/venue-context.tsx';
import { useWorkstation } from './workstation.ts';
import classes from './shell.module.css';

/** Where this computer stands; takes whatever a menu gives its target. */
export function PlaceMenuButton(props: UnstyledButtonProps & ComponentProps<'button'>): ReactNode {
  const { venueName, locations } = useVenue();
  const { location } = useWorkstation(locations);
  const elsewhere = location === venueName ? undefined : location;
  return (
    // The name begins with what is to be seen, so that it can be spoken to a computer that listens.
    <UnstyledButton {...props} className={classes.place} aria-label={`${[venueName, elsewhere].filter(Boolean).join(' ')}: where this computer stands`}>
      <span className={classes.venue}>{venueName}</span>{' '}
      {elsewhere !== undefined && <span className={classes.location}>{elsewhere}</span>}
      <IconChevronDown size={16} />
    </UnstyledButton>
  );
}
