import { useRealtimeClient, useTopic } from '@clms/client/react';
import type { PresenceUpdate } from '@clms/protocol';
import { useLocation } from '@tanstack/react-router';
import { useEffect, useSyncExternalStore } from 'react';
import { useUser } from '../session/use-session.ts';

let editing: string | undefined;
const listeners = new Set<() => void>();

function setEditing(name: string | undefined): void {
  editing = name;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function onVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}

/** Tells colleagues which page this tab shows, what is being edited, and when nobody looks at it. Once, in the shell. */
export function useSharePresence(): void {
  const client = useRealtimeClient();
  const { pathname } = useLocation();
  const edited = useSyncExternalStore(subscribe, () => editing);
  const visible = useSyncExternalStore(onVisibility, () => document.visibilityState === 'visible');
  useEffect(() => {
    client.sendMessage({ type: 'presence', data: { state: visible ? 'active' : 'away', page: pathname, ...(edited !== undefined && { editing: edited }) } });
  }, [client, pathname, edited, visible]);
}

/** Says that this record is being edited while the component is mounted, and who else edits it. */
export function useEditing(name: string | undefined): readonly PresenceUpdate[] {
  const me = useUser();
  const { presence } = useTopic('chat').state;
  useEffect(() => {
    if (name === undefined) return undefined;
    setEditing(name);
    return () => setEditing(undefined);
  }, [name]);
  return name === undefined ? [] : [...presence.values()].filter((other) => other.editing === name && other.userId !== me.id);
}
