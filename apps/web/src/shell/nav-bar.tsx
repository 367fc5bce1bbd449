import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { pagesFor, type PageEntry } from '../pages/page-list.ts';
import { useUser } from '../session/use-session.ts';
import classes from './shell.module.css';

export function NavBar(): ReactNode {
  const { role } = useUser();
  const pages = pagesFor(role);
  const managing = pages.filter(({ group }) => group === 'manage');
  return (
    <nav className={classes.nav} aria-label="Pages">
      <div className={classes.brand}>
        <img src="/icon.svg" width={24} height={24} alt="" />
        <span className={classes.label}>CLMS</span>
      </div>
      {pages.filter(({ group }) => group === 'work').map((page) => <NavLink key={page.path} page={page} />)}
      {managing.length > 0 && <div className={classes.group}>Manage</div>}
      {managing.map((page) => <NavLink key={page.path} page={page} />)}
    </nav>
  );
}

function NavLink({ page }: { readonly page: PageEntry }): ReactNode {
  const { icon: Icon, label, path, goKey } = page;
  return (
    <Link to={path} className={classes.link} activeOptions={{ exact: path === '/' }} aria-label={label} title={goKey ? `${label} (g ${goKey})` : label}>
      <Icon size={20} stroke={1.7} />
      <span className={classes.label}>{label}</span>
    </Link>
  );
}
