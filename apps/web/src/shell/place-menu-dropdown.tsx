import { Menu } from '@mantine/core';
import { IconMapPin } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useVenue } from '../venue/venue-context.tsx';
import { PlaceMenuButton } from './place-menu-button.tsx';
import { setWorkstationLocation, useWorkstation } from './workstation.ts';

/** The menu of places, opened. */
export default function PlaceMenuDropdown(): ReactNode {
  const { locations } = useVenue();
  const { location } = useWorkstation(locations);
  return (
    <Menu defaultOpened position="bottom-start" shadow="md">
      <Menu.Target>
        <PlaceMenuButton />
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
