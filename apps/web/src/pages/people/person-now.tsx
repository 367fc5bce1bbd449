import { Badge, Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useServerNow } from '../../live/use-server-now.ts';
import { Panel } from '../../shell/panel.tsx';
import { useVenueTime } from '../../venue/venue-context.tsx';
import { daysTo } from '../../venue/days-to.ts';
import { duration, minutesLeft } from '../../venue/venue-time.ts';
import { money } from '../circulation/money.ts';
import { useLoanActions } from '../circulation/use-loan-actions.ts';
import type { DeskPerson } from '../desk/use-desk-person.ts';
import classes from './person.module.css';

/** What is open between this person and the library. */
export function PersonNow({ deskPerson: { visit, running, loans, holds } }: { readonly deskPerson: DeskPerson }): ReactNode {
  const time = useVenueTime();
  const now = useServerNow(10_000);
  const { renew, giveBack } = useLoanActions();
  return (
    <div className={classes.stack}>
      <Panel title="Now">
        <div className={classes.row}>
          <span>Visit</span>
          {visit ? <span>{visit.location}, since {time.time(visit.checkedInAt)} ({duration(now - Date.parse(visit.checkedInAt))})</span> : <Text span c="dimmed">Not inside</Text>}
        </div>
        <div className={classes.row}>
          <span>Station</span>
          {running ? <span>{running.item.name}{running.session.endsAt && `, until ${time.time(running.session.endsAt)} (in ${minutesLeft(running.session.endsAt, now)} min)`}</span> : <Text span c="dimmed">None</Text>}
        </div>
      </Panel>
      <Panel title={`Loans (${loans.length})`}>
        {loans.length === 0 && <Text className={classes.row} c="dimmed">No book out</Text>}
        {loans.map((loan) => (
          <div key={loan.id} className={classes.row}>
            <div>
              <Text fw={600}>{loan.title}</Text>
              <Text size="sm" className={loan.status === 'OVERDUE' ? classes.overdue : undefined}>
                Due {time.day(loan.dueAt)} ({daysTo(loan.dueAt, now)}){loan.fine > 0 && ` · fine ${money(loan.fine)}`}
              </Text>
            </div>
            <Group gap={4} className="no-print">
              <Button size="compact-sm" variant="subtle" onClick={() => renew.mutate(loan)}>Renew</Button>
              <Button size="compact-sm" variant="subtle" onClick={() => giveBack.mutate(loan)}>Return</Button>
            </Group>
          </div>
        ))}
      </Panel>
      <Panel title={`Holds (${holds.length})`}>
        {holds.length === 0 && <Text className={classes.row} c="dimmed">Waits for no book</Text>}
        {holds.map((hold) => (
          <div key={hold.id} className={classes.row}>
            <Text fw={600}>{hold.title}</Text>
            {hold.status === 'READY' ? <Badge>Ready{hold.readyUntil ? ` until ${time.day(hold.readyUntil)}` : ''}</Badge> : <Text span c="dimmed">Number {hold.position} in line</Text>}
          </div>
        ))}
      </Panel>
    </div>
  );
}
