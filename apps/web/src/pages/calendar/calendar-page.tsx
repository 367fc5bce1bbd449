import { ActionIcon, Group, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { messageOf } from '../../api/api-error.ts';
import type { VersionedCalendar } from '../../api/calendar.ts';
import { useSaveDocument } from '../../api/use-save-document.ts';
import { useServerNow } from '../../live/use-server-now.ts';
import { PageHead } from '../../shell/page-head.tsx';
import { PageLoading } from '../../shell/page-loading.tsx';
import { useVenueTime } from '../../venue/venue-context.tsx';
import { DayDialog } from './day-dialog.tsx';
import { dayPlan, withDayPlan } from './day-plan.ts';
import { OpeningHoursForm } from './opening-hours-form.tsx';
import { YearGrid } from './year-grid.tsx';
import classes from './calendar.module.css';

/** A year at a glance: open, closed, other hours. A click on a day changes it. */
export default function CalendarPage(): ReactNode {
  const { data, error } = useQuery({ queryKey: ['calendar'], queryFn: () => api.get<VersionedCalendar>('/api/calendar') });
  const time = useVenueTime();
  const today = time.date(useServerNow(60_000));
  const [chosenYear, setYear] = useState<number | null>(null);
  const [day, setDay] = useState<string | null>(null);
  const save = useSaveDocument<VersionedCalendar>('/api/calendar', 'calendar');
  const year = chosenYear ?? Number(today.slice(0, 4));
  if (error) return <Text c="red">{messageOf(error)}</Text>;
  if (!data) return <PageLoading />;
  const { version, ...calendar } = data;
  const close = () => {
    setDay(null);
    save.reset();
  };
  return (
    <>
      <PageHead title="Calendar" lead="A day that is closed moves the loans due on it; taking that back puts them back.">
        <Group gap={4}>
          <ActionIcon variant="default" size="lg" aria-label="Year before" onClick={() => setYear(year - 1)}><IconChevronLeft size={18} /></ActionIcon>
          <Text fw={650} w={56} ta="center" aria-live="polite">{year}</Text>
          <ActionIcon variant="default" size="lg" aria-label="Year after" onClick={() => setYear(year + 1)}><IconChevronRight size={18} /></ActionIcon>
        </Group>
      </PageHead>
      <ul className={classes.legend}>
        <li data-kind="open">Open</li>
        <li data-kind="exception">Other hours</li>
        <li data-kind="closed">Closed day</li>
        <li data-kind="never">Not open on this weekday</li>
      </ul>
      <YearGrid year={year} calendar={calendar} today={today} onDay={setDay} />
      <OpeningHoursForm openingHours={calendar.openingHours} version={version} />
      {day !== null && (
        <DayDialog
          plan={dayPlan(day, calendar)}
          title={`${time.day(`${day}T12:00:00Z`)} ${day.slice(0, 4)}`}
          isSaving={save.isPending}
          error={save.error}
          onClose={close}
          onSave={(plan) => {
            const { exceptions, closedDays } = calendar;
            save.mutate({ changes: withDayPlan(calendar, day, plan), before: { exceptions, closedDays }, version }, { onSuccess: close });
          }}
        />
      )}
    </>
  );
}
