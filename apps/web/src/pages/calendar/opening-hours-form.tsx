import { Button, Group, SimpleGrid, Stack, TextInput } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { WEEKDAYS, type OpenInterval, type VersionedCalendar, type Weekday } from '../../api/calendar.ts';
import { useDocumentForm } from '../../api/use-document-form.ts';
import { useSaveDocument } from '../../api/use-save-document.ts';
import { ChangedMeanwhile } from '../../shell/changed-meanwhile.tsx';
import { FormProblem } from '../../shell/form-problem.tsx';
import { Panel } from '../../shell/panel.tsx';
import { hoursText, parseHours } from './day-plan.ts';

const NAMES: Readonly<Record<Weekday, string>> = { mon: 'Monday', tue: 'Tuesday', wed: 'Wednesday', thu: 'Thursday', fri: 'Friday', sat: 'Saturday', sun: 'Sunday' };

type OpeningHours = Readonly<Record<Weekday, readonly OpenInterval[]>>;
type HoursTexts = Readonly<Record<Weekday, string>>;

const textsOf = (openingHours: OpeningHours) => Object.fromEntries(WEEKDAYS.map((day) => [day, hoursText(openingHours[day])])) as HoursTexts;

/** Hours of the ordinary week; several intervals a day by commas, empty = closed. */
export function OpeningHoursForm({ openingHours, version: savedVersion }: { readonly openingHours: OpeningHours; readonly version: number }): ReactNode {
  const { form: texts, setForm: setTexts, initial, version, changed, changedMeanwhile, takeSaved } = useDocumentForm<HoursTexts>({ ...textsOf(openingHours), version: savedVersion });
  const save = useSaveDocument<VersionedCalendar>('/api/calendar', 'calendar');
  const hours = Object.fromEntries(WEEKDAYS.map((day) => [day, parseHours(texts[day])])) as Record<Weekday, readonly OpenInterval[] | undefined>;
  const readable = WEEKDAYS.every((day) => hours[day] !== undefined);
  const before = Object.fromEntries(WEEKDAYS.map((day) => [day, parseHours(initial[day])]));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (readable) save.mutate({ changes: { openingHours: hours }, before: { openingHours: before }, version });
  };
  const takeTheirs = () => {
    takeSaved();
    save.reset();
  };
  return (
    <Panel title="Hours of the week">
      <form onSubmit={submit}>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} p="md">
          {WEEKDAYS.map((day) => (
            <TextInput key={day} label={NAMES[day]} placeholder="Closed" value={texts[day]} error={hours[day] === undefined && 'Such as 07:30–12:00, 13:00–17:00'} onChange={(event) => setTexts((before) => ({ ...before, [day]: event.currentTarget.value }))} />
          ))}
        </SimpleGrid>
        <Stack px="md" pb="md">
          {changedMeanwhile && <ChangedMeanwhile onTake={takeTheirs} />}
          <FormProblem error={save.error} />
        </Stack>
        <Group justify="flex-end" px="md" pb="md"><Button type="submit" disabled={!readable || !changed} loading={save.isPending}>Save the hours</Button></Group>
      </form>
    </Panel>
  );
}
