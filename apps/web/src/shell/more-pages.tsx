import { Drawer, Stack } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { PageEntry } from '../pages/page-list.ts';
import classes from './shell.module.css';

/** The pages that have no room at the bottom of a phone. */
export default function MorePages({ pages, onClose }: { readonly pages: readonly PageEntry[]; readonly onClose: () => void }): ReactNode {
  return (
    <Drawer opened onClose={onClose} position="bottom" title="Pages" size="auto">
      <Stack gap={2}>
        {pages.map(({ path, label, icon: Icon }) => (
          <Link key={path} to={path} className={classes.link} style={{ justifyContent: 'flex-start', padding: '0 12px' }} onClick={onClose}>
            <Icon size={20} stroke={1.7} />
            {label}
          </Link>
        ))}
      </Stack>
    </Drawer>
  );
}
