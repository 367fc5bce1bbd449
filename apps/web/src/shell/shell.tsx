import { useTopic } from '@clms/client/react';
import { Outlet } from '@tanstack/react-router';
import { Suspense, type ReactNode } from 'react';
import { EmergencyBanner } from '../emergency/emergency-banner.tsx';
import { isStale } from '../live/is-stale.ts';
import { useSharePresence } from '../live/presence.ts';
import { NavBar } from './nav-bar.tsx';
import { NavTabs } from './nav-tabs.tsx';
import { PageLoading } from './page-loading.tsx';
import { ShellHeader } from './shell-header.tsx';
import { ShellKeys } from './shell-keys.tsx';
import classes from './shell.module.css';

/** Frame of all pages for staff: navigation, header with the connection chip, keyboard. */
export function Shell(): ReactNode {
  useSharePresence();
  // Every page holds this topic: once it is not proven any more, neither is what the HTTP API told.
  const offline = isStale(useTopic('emergency').freshness);
  return (
    <div className={classes.shell} data-offline={offline}>
      <NavBar />
      <ShellHeader />
      <main className={classes.main} id="main" tabIndex={-1}>
        <EmergencyBanner />
        <Suspense fallback={<PageLoading />}>
          <Outlet />
        </Suspense>
      </main>
      <NavTabs />
      <ShellKeys />
    </div>
  );
}
