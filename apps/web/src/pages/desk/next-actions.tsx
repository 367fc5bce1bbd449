import { Kbd, UnstyledButton } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { usePageKeys } from '../../scanning/use-page-keys.ts';
import { StartSessionDialog } from '../../stations/start-session-dialog.tsx';
import { likelyActions, type DeskAction } from './likely-actions.ts';
import { useDeskAction } from './use-desk-action.ts';
import type { DeskPerson } from './use-desk-person.ts';
import classes from './desk.module.css';

/** What next? Three buttons with their keys. */
export function NextActions({ deskPerson, location }: { readonly deskPerson: DeskPerson; readonly location: string }): ReactNode {
  const [starting, setStarting] = useState(false);
  const carryOut = useDeskAction(location);
  const offers = likelyActions(deskPerson);
  const run = (action: DeskAction) => {
    if (action.kind === 'start_session') setStarting(true);
    else if (!carryOut.isPending) carryOut.mutate({ action, of: deskPerson });
  };
  usePageKeys(Object.fromEntries(offers.map(({ key, action }) => [key, () => run(action)])), !starting);
  return (
    <>
      {offers.map(({ key, label, action }, index) => (
        <UnstyledButton key={key} className={classes.action} data-first={index === 0} disabled={carryOut.isPending} onClick={() => run(action)}>
          {label}
          <Kbd size="md">{key.toUpperCase()}</Kbd>
        </UnstyledButton>
      ))}
      {starting && <StartSessionDialog person={deskPerson.person} onClose={() => setStarting(false)} />}
    </>
  );
}
