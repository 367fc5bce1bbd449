import type { ReactNode } from 'react';
import { useEmergencies } from '../../emergency/emergency-context.tsx';
import { PageLoading } from '../../shell/page-loading.tsx';
import { LastEmergencies } from './last-emergencies.tsx';
import { RaisePanel } from './raise-panel.tsx';
import { RefusedTicks } from './refused-ticks.tsx';
import { RollCall } from './roll-call.tsx';

/** Raises an alert in two actions; while one is on, the roll-call of everybody who was inside. */
export default function EmergencyPage(): ReactNode {
  const { alerts, freshness } = useEmergencies();
  if (!alerts) return <PageLoading />;
  const active = alerts.filter((alert) => alert.state === 'ACTIVE');
  return (
    <>
      <RefusedTicks alerts={alerts} />
      {active.map((alert) => <RollCall key={alert.id} alert={alert} freshness={freshness} />)}
      {active.length === 0 && (
        <>
          <RaisePanel />
          <LastEmergencies told={alerts} />
        </>
      )}
    </>
  );
}
