import { Anchor, Badge, Group, Stack, Text, Title } from '@mantine/core';
import { IconBook2, IconBookmark, IconDeviceDesktop, IconDoorEnter } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { fullName, gradeAndSection } from '../../api/person.ts';
import { useServerNow } from '../../live/use-server-now.ts';
import { Initials } from '../../people/initials.tsx';
import { useVenueTime } from '../../venue/venue-context.tsx';
import { daysTo } from '../../venue/days-to.ts';
import { duration, minutesLeft } from '../../venue/venue-time.ts';
import type { DeskPerson } from './use-desk-person.ts';
import classes from './desk.module.css';

/** Who is in front of me? */
export function DeskPersonCard({ deskPerson }: { readonly deskPerson: DeskPerson }): ReactNode {
  const { person, visit, running, loans, holds } = deskPerson;
  const time = useVenueTime();
  const now = useServerNow(1_000);
  return (
    <section className={classes.person} aria-label="Person">
      <Group wrap="nowrap" align="flex-start" gap="lg">
        <span className={classes.picture}><Initials surname={person.surname} givenName={person.givenName} size={88} /></span>
        <div className={classes.names}>
          <Title order={1} className={classes.name}><Anchor component={Link} to="/people" search={{ id: person.id } as never} inherit c="inherit" title="All that is known of this person">{fullName(person)}</Anchor></Title>
          <Text c="dimmed">{[gradeAndSection(person), person.schoolId].filter(Boolean).join(' · ')}</Text>
          {!person.active && <Badge color="red" mt={4}>Not active any more</Badge>}
        </div>
      </Group>
      <Stack gap={0} mt="md">
        <Fact icon={<IconDoorEnter size={18} />} label="Visit">
          {visit ? <>Inside since {time.time(visit.checkedInAt)} ({duration(now - Date.parse(visit.checkedInAt))}) · {visit.location}</> : <Text span c="dimmed">Not inside</Text>}
        </Fact>
        <Fact icon={<IconDeviceDesktop size={18} />} label="Station">
          {running ? <>{running.item.name}{running.session.endsAt && <> until {time.time(running.session.endsAt)} (in {minutesLeft(running.session.endsAt, now)} min)</>}</> : <Text span c="dimmed">None</Text>}
        </Fact>
        <Fact icon={<IconBook2 size={18} />} label="Loans">
          {loans.length === 0 && <Text span c="dimmed">None</Text>}
          {loans.map((loan) => (
            <div key={loan.id} className={classes.loan}>
              <span>{loan.title}</span>
              <span className={classes.due} data-overdue={loan.status === 'OVERDUE'}>{loan.status === 'OVERDUE' ? 'Overdue since' : 'Due'} {time.day(loan.dueAt)} ({daysTo(loan.dueAt, now)})</span>
            </div>
          ))}
        </Fact>
        <Fact icon={<IconBookmark size={18} />} label="Holds">
          {holds.length === 0 && <Text span c="dimmed">None</Text>}
          {holds.map((hold) => (
            <div key={hold.id} className={classes.loan}>
              <span>{hold.title}</span>
              {hold.status === 'READY' ? <Badge>Ready{hold.readyUntil ? ` until ${time.day(hold.readyUntil)}` : ''}</Badge> : <Text span c="dimmed" size="sm">Number {hold.position} in line</Text>}
            </div>
          ))}
        </Fact>
      </Stack>
    </section>
  );
}

function Fact({ icon, label, children }: { readonly icon: ReactNode; readonly label: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className={classes.fact}>
      <span className={classes.factLabel}>{icon}{label}</span>
      <div>{children}</div>
    </div>
  );
}
