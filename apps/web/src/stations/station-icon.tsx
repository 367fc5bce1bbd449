import { IconBan, IconCircle, IconHourglass, IconTool, IconUserFilled, type Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { StationState } from './station-state.ts';

const ICONS: Readonly<Record<StationState, Icon>> = { free: IconCircle, in_use: IconUserFilled, claimed: IconHourglass, maintenance: IconTool, out_of_order: IconBan };

/** A shape per state, so that no colour is needed to tell them apart. */
export function StationIcon({ state, size = 16 }: { readonly state: StationState; readonly size?: number }): ReactNode {
  const Shape = ICONS[state];
  return <Shape size={size} stroke={2} aria-hidden />;
}
