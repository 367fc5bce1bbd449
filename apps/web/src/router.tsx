import { createRootRoute, createRoute, createRouter, lazyRouteComponent, notFound, redirect } from '@tanstack/react-router';
import { NotFoundPage } from './pages/not-found-page.tsx';
import { PAGES } from './pages/page-list.ts';
import { PageFailed } from './shell/page-failed.tsx';
import { PageLoading } from './shell/page-loading.tsx';
import { session } from './session/session-store.ts';
import { setupNeeded } from './session/setup-needed.ts';

const root = createRootRoute({ notFoundComponent: NotFoundPage, errorComponent: PageFailed });

const loadStaffArea = () => import('./session/staff-area.tsx');

/** Everything for staff. Who is not signed in is sent to the login, or on a fresh server to the setup, and comes back after it. */
const staff = createRoute({
  getParentRoute: () => root,
  id: 'staff',
  component: lazyRouteComponent(loadStaffArea),
  beforeLoad: async ({ location }) => {
    if (session.getState().state === 'unknown') {
      // The code of the page comes while the server is asked who this is, not after it.
      void loadStaffArea();
      void PAGES.find(({ path }) => path === location.pathname)?.load();
      await session.settle();
    }
    if (session.getState().state !== 'signed_out') return;
    throw redirect((await setupNeeded()) ? { to: '/setup' } : { to: '/login', search: { next: location.href } });
  },
});

const pages = PAGES.map((page) =>
  createRoute({
    getParentRoute: () => staff,
    path: page.path,
    component: lazyRouteComponent(page.load),
    // The server refuses what a role may not see; a page of refusals would help nobody.
    beforeLoad: () => {
      const state = session.getState();
      if (state.state === 'signed_in' && !page.roles.includes(state.user.role)) throw notFound();
    },
  }),
);

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: ({ next }): { next?: string } => (typeof next === 'string' && /^\/(?!\/)/.test(next) ? { next } : {}),
  component: lazyRouteComponent(() => import('./pages/login/login-page.tsx')),
});
const setup = createRoute({ getParentRoute: () => root, path: '/setup', component: lazyRouteComponent(() => import('./pages/setup/setup-page.tsx')) });
const kiosk = createRoute({ getParentRoute: () => root, path: '/kiosk', component: lazyRouteComponent(() => import('./pages/kiosk/kiosk-page.tsx')) });
const display = createRoute({ getParentRoute: () => root, path: '/display', component: lazyRouteComponent(() => import('./pages/display/display-page.tsx')) });

export const router = createRouter({
  routeTree: root.addChildren([staff.addChildren(pages), login, setup, kiosk, display]),
  defaultPreload: 'intent',
  defaultPendingComponent: PageLoading,
  defaultErrorComponent: PageFailed,
  scrollRestoration: true,
});

// Signing in leads where one wanted to go; signing out leads to the door.
let before = session.getState().state;
session.subscribe(() => {
  const { state } = session.getState();
  if (state === before) return;
  before = state;
  const { pathname, search } = router.state.location;
  if (state === 'signed_in' && pathname === '/login') void router.navigate({ to: (search as { next?: string }).next ?? '/', replace: true });
  if (state === 'signed_out') void router.invalidate();
});
