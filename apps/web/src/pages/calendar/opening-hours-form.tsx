import { Button, Group, SimpleGrid, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { WEEKDAYS, type Calendar, type OpenInterval, type Weekday } from '../../api/calendar.ts';
import { Panel } from '../../shell/panel.tsx';
import { hoursText, parseHours } from './day-plan.ts';

const NAMES: Readonly<Record<Weekday, string>> = { mon: 'Monday', tue: 'Tuesday', wed: 'Wednesday', thu: 'Thursday', fri: 'Friday', sat: 'Saturday', sun: 'Sunday' };

export interface OpeningHoursFormProps {
  readonly calendar: Calendar;
  readonly isSaving: boolean;
  readonly onSave: (openingHours: Readonly<Record<Weekday, readonly OpenInterval[]>>) => void;
}

/** Hours of the ordinary week; several intervals a day by commas, empty = closed. */
export function OpeningHoursForm({ calendar, isSaving, onSave }: OpeningHoursFormProps): ReactNode {
  const [texts, setTexts] = useState(() => Object.fromEntries(WEEKDAYS.map((day) => [day, hoursText(calendar.openingHours[day])])) as Record<Weekday, string>);
  const hours = Object.fromEntries(WEEKDAYS.map((day) => [day, parseHours(texts[day])])) as Record<Weekday, readonly OpenInterval[] | undefined>;
  const readable = WEEKDAYS.every((day) => hours[day] !== undefined);
  const changed = WEEKDAYS.some((day) => texts[day] !== hoursText(calendar.openingHours[day]));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (readable) onSave(hours as Record<Weekday, readonly OpenInterval[]>);
  };
  return (
    <Panel title="Hours of the week">
      <form onSubmit={submit}>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} p="md">
          {WEEKDAYS.map((day) => (
            <TextInput key={day} label={NAMES[day]} placeholder="Closed" value={texts[day]} error={hours[day] === undefined && 'Such as 07:30–12:00, 13:00–17:00'} onChange={(event) => setTexts((before) => ({ ...before, [day]: event.currentTarget.value }))} />
          ))}
        </SimpleGrid>
        <Group justify="flex-end" px="md" pb="md"><Button type="submit" disabled={!readable || !changed} loading={isSaving}>Save the hours</Button></Group>
      </form>
    </Panel>
  );
}
