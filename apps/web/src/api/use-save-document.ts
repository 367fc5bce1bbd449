import { useMutation, useQueryClient } from '@tanstack/react-query';
import { announceDone } from '../shell/announce-change.tsx';
import { api } from './api.ts';

export interface DocumentChange {
  readonly changes: object;
  /** As it was loaded: what undo brings back. */
  readonly before: object;
  readonly version: number;
}

/** Saves one of the documents of the administrator (settings, policies, calendar); refused when somebody else saved in between. */
export function useSaveDocument<T extends { readonly version: number }>(path: string, queryKey: string) {
  const queries = useQueryClient();
  const show = (saved: T) => {
    queries.setQueryData([queryKey], saved);
    // The shell shows the name, the zone and the rooms.
    void queries.invalidateQueries({ queryKey: ['venue'] });
  };
  return useMutation({
    // Refused: the form shall see what is saved now.
    onError: () => queries.invalidateQueries({ queryKey: [queryKey] }),
    mutationFn: ({ changes, version }: DocumentChange) => api.patch<T>(path, changes, { ifMatch: version }),
    onSuccess: (saved, { before }) => {
      show(saved);
      announceDone('Saved', () => api.patch<T>(path, before, { ifMatch: saved.version }).then(show));
    },
  });
}
