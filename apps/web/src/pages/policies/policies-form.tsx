import { Button, Group, Select, SimpleGrid, Stack } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import type { LoanMode, Policies, VersionedPolicies } from '../../api/policies.ts';
import { useDocumentForm } from '../../api/use-document-form.ts';
import { useSaveDocument } from '../../api/use-save-document.ts';
import { AlsoEditing } from '../../live/also-editing.tsx';
import { ChangedMeanwhile } from '../../shell/changed-meanwhile.tsx';
import { FormProblem } from '../../shell/form-problem.tsx';
import { Panel } from '../../shell/panel.tsx';
import { LoanPreview } from './loan-preview.tsx';
import { Figure } from './figure.tsx';
import { RuleTable } from './rule-table.tsx';
import classes from './policies.module.css';

const MODES: readonly { readonly value: LoanMode; readonly label: string }[] = [
  { value: 'Datedue', label: 'Closed days push to the next open day' },
  { value: 'Days', label: 'Days as they come, open or not' },
  { value: 'Calendar', label: 'Only open days count' },
  { value: 'Dayweek', label: 'Closed days push by a week' },
];

export function PoliciesForm({ policies }: { readonly policies: VersionedPolicies }): ReactNode {
  const { form, setForm, initial, version, changed, changedMeanwhile, takeSaved } = useDocumentForm<Policies>(policies);
  const save = useSaveDocument<VersionedPolicies>('/api/policies', 'policies');
  const set = <G extends keyof Policies>(group: G, change: Partial<Policies[G]>) => setForm((before) => ({ ...before, [group]: { ...before[group], ...change } }));
  const { loans, holds, fines, sessions, attendance, retention } = form;
  const takeTheirs = () => {
    takeSaved();
    save.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ changes: form, before: initial, version });
  };
  return (
    <form onSubmit={submit}>
      <AlsoEditing name="the policies" />
      <div className={classes.columns}>
        <Stack gap="md">
          <Panel title="Loans">
            <Stack p="md">
              <Select label="Closed days" allowDeselect={false} data={[...MODES]} value={loans.mode} onChange={(mode) => mode && set('loans', { mode: mode as LoanMode })} />
              <RuleTable label="Days by collection, reader or room" unit="days; 0 = use in the library only" rules={loans.days} max={366} onChange={(days) => set('loans', { days: days as Record<string, number> })} />
              <SimpleGrid cols={{ base: 1, xs: 3 }}>
                <Figure label="Books at once" value={loans.maxLoans} max={1000} onChange={(maxLoans) => set('loans', { maxLoans })} />
                <Figure label="Renewals" value={loans.maxRenewals} max={100} onChange={(maxRenewals) => set('loans', { maxRenewals })} />
                <Figure label="Open days a copy is kept" min={1} value={holds.pickupDays} max={60} onChange={(pickupDays) => set('holds', { pickupDays })} />
              </SimpleGrid>
              <Select label="A renewal counts from" allowDeselect={false} data={[{ value: 'DUE_DATE', label: 'the present due date' }, { value: 'TODAY', label: 'today' }]} value={loans.renewFrom} onChange={(renewFrom) => renewFrom && set('loans', { renewFrom: renewFrom as 'DUE_DATE' | 'TODAY' })} />
            </Stack>
          </Panel>
          <Panel title="Fines">
            <Stack p="md">
              <RuleTable label="For each open day overdue, by reader" unit="centavos" rules={fines.perDay} max={1_000_000} onChange={(perDay) => set('fines', { perDay: perDay as Record<string, number> })} />
              <Figure label="At most (centavos)" value={fines.maximum} max={100_000_000} onChange={(maximum) => set('fines', { maximum })} />
            </Stack>
          </Panel>
          <Panel title="Stations">
            <Stack p="md">
              <RuleTable label="Minutes of a session, by reader" unit="minutes; empty = no limit" emptyAllowed min={1} rules={sessions.minutes} max={1440} onChange={(minutes) => set('sessions', { minutes })} />
              <SimpleGrid cols={{ base: 1, xs: 2 }}>
                <Figure label="Minutes a day for one person" min={1} max={1440} value={sessions.dailyMinutes} onChange={(dailyMinutes) => set('sessions', { dailyMinutes })} />
                <Figure label="Minutes kept for who waited" min={1} max={1440} value={sessions.claimMinutes} onChange={(claimMinutes) => set('sessions', { claimMinutes })} />
                <Figure label="Minutes of an extension" min={1} max={1440} value={sessions.extensionMinutes} onChange={(extensionMinutes) => set('sessions', { extensionMinutes })} />
                <Figure label="Extensions" max={100} value={sessions.maxExtensions} onChange={(maxExtensions) => set('sessions', { maxExtensions })} />
              </SimpleGrid>
            </Stack>
          </Panel>
          <Panel title="Attendance and what is kept">
            <SimpleGrid cols={{ base: 1, xs: 2 }} p="md">
              <Figure label="Same card again: one scan for (s)" max={3600} value={attendance.dedupeSeconds} onChange={(dedupeSeconds) => set('attendance', { dedupeSeconds })} />
              <Figure label="Check-out not before (min)" max={1440} value={attendance.minimumStayMinutes} onChange={(minimumStayMinutes) => set('attendance', { minimumStayMinutes })} />
              <Figure label="Warn when a room is filled (%)" min={1} max={100} value={attendance.capacityWarningPercent} onChange={(capacityWarningPercent) => set('attendance', { capacityWarningPercent })} />
              <Figure label="Names on visits (days)" min={1} max={36_500} value={retention.visitDays} onChange={(visitDays) => set('retention', { visitDays })} />
              <Figure label="Names on loans (days)" min={1} max={36_500} value={retention.loanDays} onChange={(loanDays) => set('retention', { loanDays })} />
              <Figure label="Chat (days)" min={1} max={36_500} value={retention.chatDays} onChange={(chatDays) => set('retention', { chatDays })} />
              <Figure label="Audit (days)" min={1} max={36_500} value={retention.auditDays} onChange={(auditDays) => set('retention', { auditDays })} />
            </SimpleGrid>
          </Panel>
        </Stack>
        <aside className={classes.side}>
          <LoanPreview form={form} initial={initial} />
          <Stack gap="md" mt="md">
            {changedMeanwhile && <ChangedMeanwhile onTake={takeTheirs} />}
            <FormProblem error={save.error} />
          </Stack>
          <Group mt="md" justify="flex-end">
            <Button variant="default" disabled={!changed} onClick={() => setForm(initial)}>Discard</Button>
            <Button type="submit" disabled={!changed} loading={save.isPending}>Save</Button>
          </Group>
        </aside>
      </div>
    </form>
  );
}
