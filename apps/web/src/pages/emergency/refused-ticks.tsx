import type { EmergencyAlert } from '@clms/protocol';
import { Alert } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useJournalActions } from '../../scanning/use-scan-journal.ts';
import { ticksOf } from './roll-call-ticks.ts';

/** Ticks of this computer that the server did not take, by name: a warden must know that nobody else has seen them. */
export function RefusedTicks({ alerts }: { readonly alerts: readonly EmergencyAlert[] }): ReactNode {
  const known = new Map(alerts.map((alert) => [alert.id, alert]));
  const refused = ticksOf(useJournalActions()).filter(({ fate, emergencyId }) => fate === 'refused' && known.has(emergencyId));
  if (refused.length === 0) return null;
  const nameOf = (emergencyId: string, personId: string) => known.get(emergencyId)?.rollCall?.find((entry) => entry.personId === personId)?.name ?? 'Somebody';
  return (
    <Alert color="red" icon={<IconAlertTriangle size={20} />} mb="md" role="alert" title="Ticks that were not taken">
      {refused.map(({ emergencyId, personId, state }) => `${nameOf(emergencyId, personId)}: ${state === 'SAFE' ? 'safe' : 'missing'}`).join('; ')}. They came after the all-clear.
    </Alert>
  );
}
