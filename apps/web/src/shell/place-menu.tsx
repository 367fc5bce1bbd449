import { Menu, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconMapPin } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useVenue } from '../venue/venue-context.tsx';
import { setWorkstationLocation, useWorkstation } from './workstation.ts';
import classes from './shell.module.css';

/** Where this computer stands: what is checked in here is checked in there. */
export function PlaceMenu(): ReactNode {
  const { venueName, locations } = useVenue();
  const { location } = useWorkstation(locations);
  return (
    <Menu position="bottom-start" shadow="md">
      <Menu.Target>
        <UnstyledButton className={classes.place} aria-label={`This computer stands in ${location}`}>
          <span className={classes.venue}>{venueName}</span>
          {location !== venueName && <span className={classes.location}>{location}</span>}
          <IconChevronDown size={16} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>This computer stands in</Menu.Label>
        {locations.map(({ name }) => (
          <Menu.Item key={name} leftSection={<IconMapPin size={16} />} rightSection={name === location ? '✓' : null} onClick={() => setWorkstationLocation(name)}>{name}</Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
