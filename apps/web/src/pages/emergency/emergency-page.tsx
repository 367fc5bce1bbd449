import { useTopic } from '@clms/client/react';
import type { ReactNode } from 'react';
import { PageLoading } from '../../shell/page-loading.tsx';
import { LastEmergencies } from './last-emergencies.tsx';
import { RaisePanel } from './raise-panel.tsx';
import { RollCall } from './roll-call.tsx';

/** Raises an alert in two actions; while one is on, the roll-call of everybody who was inside. */
export default function EmergencyPage(): ReactNode {
  const { state, freshness, status } = useTopic('emergency');
  if (status.state === 'loading') return <PageLoading />;
  const active = state.filter((alert) => alert.state === 'ACTIVE');
  if (active.length > 0) return active.map((alert) => <RollCall key={alert.id} alert={alert} freshness={freshness} />);
  return (
    <>
      <RaisePanel />
      <LastEmergencies past={state} />
    </>
  );
}
