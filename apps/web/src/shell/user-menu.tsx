import { lazy, type ReactNode } from 'react';
import { OpenedOnDemand } from './opened-on-demand.tsx';
import { UserMenuButton } from './user-menu-button.tsx';

const UserMenuDropdown = lazy(() => import('./user-menu-dropdown.tsx'));

export function UserMenu(): ReactNode {
  return <OpenedOnDemand button={(open) => <UserMenuButton aria-haspopup="menu" onClick={open} />} opened={<UserMenuDropdown />} />;
}
