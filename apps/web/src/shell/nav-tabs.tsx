import { UnstyledButton } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { pagesFor } from '../pages/page-list.ts';
import { useUser } from '../session/use-session.ts';
import classes from './shell.module.css';

const MorePages = lazy(() => import('./more-pages.tsx'));

/** Pages that fit beside "More" at 360 px. */
const SHOWN = 4;

/** Navigation at the bottom of a phone's screen, where the thumb is. */
export function NavTabs(): ReactNode {
  const { role } = useUser();
  const [open, setOpen] = useState(false);
  const pages = pagesFor(role);
  return (
    <nav className={classes.tabs} aria-label="Pages">
      {pages.slice(0, SHOWN).map(({ path, label, icon: Icon }) => (
        <Link key={path} to={path} className={classes.tab} activeOptions={{ exact: path === '/' }}>
          <Icon size={22} stroke={1.7} />
          {label}
        </Link>
      ))}
      {pages.length > SHOWN && (
        <UnstyledButton className={classes.tab} onClick={() => setOpen(true)}>
          <IconDots size={22} stroke={1.7} />
          More
        </UnstyledButton>
      )}
      <Suspense fallback={null}>{open && <MorePages pages={pages.slice(SHOWN)} onClose={() => setOpen(false)} />}</Suspense>
    </nav>
  );
}
