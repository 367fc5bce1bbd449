import type { Freshness } from '@clms/client';
import { useRealtimeClient, useTopic } from '@clms/client/react';
import type { EmergencyAlert } from '@clms/protocol';
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react';
import { keepEmergencies, keptEmergencies, type EmergencyAudience } from './kept-emergencies.ts';

interface Emergencies {
  /** Newest first; undefined while neither the server nor this computer has said. */
  readonly alerts: readonly EmergencyAlert[] | undefined;
  readonly freshness: Freshness;
}

const EmergencyContext = createContext<Emergencies | null>(null);

export interface EmergencyProviderProps {
  readonly audience: EmergencyAudience;
  /** Id of the user or device. */
  readonly owner: string;
  readonly children: ReactNode;
}

/** The emergencies for every screen: the server's, or after a start without a server those that this computer has kept. */
export function EmergencyProvider({ audience, owner, children }: EmergencyProviderProps): ReactNode {
  const { state, freshness, status } = useTopic('emergency');
  const told = status.state === 'ready';
  const [kept] = useState(() => keptEmergencies(audience, owner));
  const provenAt = freshness.provenAt;
  useEffect(() => {
    if (told) keepEmergencies(audience, { owner, alerts: state.filter((alert) => alert.state === 'ACTIVE'), ...(provenAt !== undefined && { provenAt }) });
  }, [audience, owner, told, state, provenAt]);
  const value = useMemo((): Emergencies => {
    if (told) return { alerts: state, freshness };
    if (!kept) return { alerts: undefined, freshness };
    const proof = kept.provenAt === undefined ? {} : { provenAt: kept.provenAt };
    return { alerts: kept.alerts, freshness: { state: 'stale', since: kept.provenAt === undefined ? 0 : Date.parse(kept.provenAt), ...proof } };
  }, [told, state, freshness, kept]);
  return <EmergencyContext value={value}>{children}</EmergencyContext>;
}

export function useEmergencies(): Emergencies {
  const value = use(EmergencyContext);
  if (!value) throw new Error('useEmergencies needs an <EmergencyProvider> above it');
  return value;
}

/** The emergency that is on, if one is. The server is told that this screen showed it. */
export function useActiveEmergency(): EmergencyAlert | undefined {
  const { alerts } = useEmergencies();
  const client = useRealtimeClient();
  const active = alerts?.find((alert) => alert.state === 'ACTIVE');
  const id = active?.id;
  useEffect(() => {
    if (id !== undefined) client.sendMessage({ type: 'ack', data: { id, state: 'seen' } });
  }, [client, id]);
  return active;
}
