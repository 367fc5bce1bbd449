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
  return (
    <UnstyledButton {...props} className={classes.place} aria-label={`${venueName}: this computer stands in ${location}`}>
      <span className={classes.venue}>{venueName}</span>
      {location !== venueName && <span className={classes.location}>{location}</span>}
      <IconChevronDown size={16} />
    </UnstyledButton>
  );
}
