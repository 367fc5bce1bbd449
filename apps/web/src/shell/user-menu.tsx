import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { IconChevronDown, IconDeviceDesktop, IconKeyboard, IconLogout, IconMoon, IconSun } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { session } from '../session/session-store.ts';
import { useUser } from '../session/use-session.ts';
import { shellDialogs } from './shell-dialogs.ts';
import classes from './user-menu.module.css';

const COLORS = [
  { value: 'light', label: 'Light', icon: IconSun },
  { value: 'dark', label: 'Dark', icon: IconMoon },
  { value: 'auto', label: 'As the computer', icon: IconDeviceDesktop },
] as const;

export function UserMenu(): ReactNode {
  const user = useUser();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" width={220} shadow="md">
      <Menu.Target>
        <UnstyledButton className={classes.button} aria-label={`Account of ${user.username}`}>
          <span className={classes.name}>{user.displayName ?? user.username}</span>
          <IconChevronDown size={16} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Colours</Menu.Label>
        {COLORS.map(({ value, label, icon: Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={16} />}
            aria-current={colorScheme === value}
            rightSection={colorScheme === value ? '✓' : null}
            onClick={() => setColorScheme(value)}
            closeMenuOnClick={false}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard size={16} />} rightSection="?" onClick={() => shellDialogs.open('keys')}>Keyboard</Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void session.logout()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
