import type { GetToken } from '@clms/client';
import { openActionJournal, type ActionJournal } from '@clms/client/journal';
import { createContext, useEffect, useState, type ReactNode } from 'react';

export const JournalContext = createContext<ActionJournal | null>(null);

export interface JournalProviderProps {
  /** Journals of one name are one journal, in all tabs. */
  readonly name: string;
  readonly getToken: GetToken;
  readonly children: ReactNode;
}

/** Opens the journal of scans: what is scanned while the server is away is kept on this computer and sent when it is back. */
export function JournalProvider({ name, getToken, children }: JournalProviderProps): ReactNode {
  const [journal, setJournal] = useState<ActionJournal | null>(null);
  useEffect(() => {
    let opened: ActionJournal | undefined;
    let left = false;
    openActionJournal({ name, getToken }).then(
      (ready) => {
        opened = ready;
        if (left) ready.close();
        else setJournal(ready);
      },
      (error: unknown) => console.error('The journal of scans could not be opened', error),
    );
    return () => {
      left = true;
      opened?.close();
      setJournal(null);
    };
  }, [name, getToken]);
  return <JournalContext value={journal}>{children}</JournalContext>;
}
