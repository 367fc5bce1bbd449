import { useNavigate } from '@tanstack/react-router';
import { Suspense, lazy, useEffect, useEffectEvent, useRef, type ReactNode } from 'react';
import { pagesFor } from '../pages/page-list.ts';
import { onPageKeys } from '../scanning/page-keys.ts';
import { useUser } from '../session/use-session.ts';
import { shellDialogs, useShellDialog } from './shell-dialogs.ts';

const loadSearch = () => import('./search-dialog.tsx');
const SearchDialog = lazy(loadSearch);
const KeysDialog = lazy(() => import('./keys-dialog.tsx'));

/** How long `g` waits for its second key. */
const GO_MS = 1_500;

/** Keys that work on every page: `/`, `?`, and `g` with a page's own key. A scan that no page took goes to the desk. */
export function ShellKeys(): ReactNode {
  const { role } = useUser();
  const navigate = useNavigate();
  const dialog = useShellDialog();
  const goUntil = useRef(0);

  const onKey = useEffectEvent((key: string): boolean => {
    const going = performance.now() < goUntil.current;
    goUntil.current = 0;
    if (going) {
      const page = pagesFor(role).find(({ goKey }) => goKey === key);
      if (page) void navigate({ to: page.path });
      return page !== undefined;
    }
    if (key === 'g') goUntil.current = performance.now() + GO_MS;
    else if (key === '/') shellDialogs.open('search');
    else if (key === '?') shellDialogs.open('keys');
    else return false;
    return true;
  });
  const onScan = useEffectEvent((text: string): boolean => {
    void navigate({ to: '/desk', search: { scan: text } as never });
    return true;
  });
  // Loaded at the first sign of life, before it is wanted: letters typed right after `/` must not be lost.
  useEffect(() => {
    const load = () => void loadSearch();
    window.addEventListener('pointermove', load, { once: true });
    window.addEventListener('keydown', load, { once: true });
    return () => {
      window.removeEventListener('pointermove', load);
      window.removeEventListener('keydown', load);
    };
  }, []);
  useEffect(() => onPageKeys((reading) => (reading.kind === 'scan' ? onScan(reading.text) : onKey(reading.key))), []);

  return (
    <Suspense fallback={null}>
      {dialog === 'search' && <SearchDialog />}
      {dialog === 'keys' && <KeysDialog />}
    </Suspense>
  );
}
