import { Suspense, useState, type ReactNode } from 'react';

export interface OpenedOnDemandProps {
  /** The closed button; the opened menu shows the same. */
  readonly button: (open: () => void) => ReactNode;
  /** A lazy menu that begins open. */
  readonly opened: ReactNode;
}

/** A menu whose code is loaded when it is first opened: floating menus weigh more than the header around them. */
export function OpenedOnDemand({ button, opened }: OpenedOnDemandProps): ReactNode {
  const [wanted, setWanted] = useState(false);
  const closed = button(() => setWanted(true));
  return wanted ? <Suspense fallback={closed}>{opened}</Suspense> : closed;
}
