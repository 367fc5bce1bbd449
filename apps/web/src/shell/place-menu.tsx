import { lazy, type ReactNode } from 'react';
import { OpenedOnDemand } from './opened-on-demand.tsx';
import { PlaceMenuButton } from './place-menu-button.tsx';

const PlaceMenuDropdown = lazy(() => import('./place-menu-dropdown.tsx'));

/** Where this computer stands: what is checked in here is checked in there. */
export function PlaceMenu(): ReactNode {
  return <OpenedOnDemand button={(open) => <PlaceMenuButton aria-haspopup="menu" onClick={open} />} opened={<PlaceMenuDropdown />} />;
}
