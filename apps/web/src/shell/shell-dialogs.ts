import { useSyncExternalStore } from 'react';

export type ShellDialog = 'none' | 'search' | 'keys';

let current: ShellDialog = 'none';
const listeners = new Set<() => void>();

/** Which dialog of the shell is open; at most one. */
export const shellDialogs = {
  open(dialog: ShellDialog): void {
    current = dialog;
    for (const listener of listeners) listener();
  },
  close(): void {
    shellDialogs.open('none');
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

export const useShellDialog = (): ShellDialog => useSyncExternalStore(shellDialogs.subscribe, () => current);
