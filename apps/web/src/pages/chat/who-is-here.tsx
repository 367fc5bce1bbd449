import type { PresenceUpdate } from '@clms/protocol';
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Panel } from '../../shell/panel.tsx';
import { PAGES } from '../page-list.ts';
import classes from './chat.module.css';

/** Who is signed in, which page they look at and what they edit. */
export function WhoIsHere({ presence }: { readonly presence: ReadonlyMap<string, PresenceUpdate> }): ReactNode {
  const people = [...presence.values()].toSorted((a, b) => a.username.localeCompare(b.username));
  return (
    <Panel title={`Here now (${people.length})`}>
      {people.length === 0 && <Text p="md" c="dimmed">Nobody else is signed in.</Text>}
      <ul className={classes.people}>
        {people.map((one) => (
          <li key={one.userId} data-state={one.state}>
            <span className={classes.dot} aria-hidden />
            <span><b>{one.username}</b> <Text span size="sm" c="dimmed">{doing(one)}</Text></span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function doing({ state, page, editing }: PresenceUpdate): string {
  if (state === 'away') return 'is away';
  if (editing !== undefined) return `is editing ${editing}`;
  const label = PAGES.find(({ path }) => path === page)?.label;
  return label === undefined ? 'is here' : `is at ${label}`;
}
