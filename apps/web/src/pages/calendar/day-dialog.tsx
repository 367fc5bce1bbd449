import { Button, Checkbox, Group, Modal, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { AlsoEditing } from '../../live/also-editing.tsx';
import { FormProblem } from '../../shell/form-problem.tsx';
import { hoursText, parseHours, type DayPlan } from './day-plan.ts';

export interface DayDialogProps {
  /** The date in words. */
  readonly title: string;
  readonly plan: DayPlan;
  readonly isSaving: boolean;
  readonly error: Error | null;
  readonly onClose: () => void;
  readonly onSave: (plan: DayPlan) => void;
}

/** Plans one date: as usual, closed, or with hours of its own. */
export function DayDialog({ title, plan, isSaving, error, onClose, onSave }: DayDialogProps): ReactNode {
  const [kind, setKind] = useState<DayPlan['kind']>(plan.kind);
  const [reason, setReason] = useState(plan.kind === 'usual' ? '' : plan.reason);
  const [yearly, setYearly] = useState(plan.kind === 'closed' && plan.yearly);
  const [text, setText] = useState(plan.kind === 'closed' ? '' : hoursText(plan.hours));
  const hours = parseHours(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (kind === 'usual') onSave({ kind, hours: [] });
    else if (kind === 'closed') onSave({ kind, yearly, reason: reason.trim() });
    else if (hours) onSave({ kind, hours, reason: reason.trim() });
  };
  return (
    <Modal opened onClose={onClose} title={title}>
      <AlsoEditing name={`the calendar (${title})`} />
      <form onSubmit={submit}>
        <Stack>
          <SegmentedControl data={[{ value: 'usual', label: 'As usual' }, { value: 'closed', label: 'Closed' }, { value: 'exception', label: 'Other hours' }]} value={kind} onChange={(value) => setKind(value as DayPlan['kind'])} />
          {kind === 'usual' && <Text size="sm" c="dimmed">The hours of the weekday count.</Text>}
          {kind === 'exception' && <TextInput label="Hours" placeholder="08:00–12:00" required value={text} error={hours === undefined && 'Such as 07:30–12:00, 13:00–17:00'} onChange={(event) => setText(event.currentTarget.value)} />}
          {kind !== 'usual' && <TextInput label="Reason" placeholder="Shown beside the hours" maxLength={200} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />}
          {kind === 'closed' && <Checkbox label="Every year on this date" checked={yearly} onChange={(event) => setYearly(event.currentTarget.checked)} />}
          <FormProblem error={error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" loading={isSaving} disabled={kind === 'exception' && !hours}>Save</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
