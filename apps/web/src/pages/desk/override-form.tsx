import { Button, Group, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import type { Loan } from '../../api/loan.ts';
import type { ScanAnswer } from '../../api/scan.ts';
import type { Visit } from '../../api/visit.ts';
import { announceDone, announceError } from '../../shell/announce-change.tsx';
import { useVenueTime } from '../../venue/venue-context.tsx';
import { mayLendAnyway, mayLetInAnyway } from './scan-words.ts';

/** What staff may do against a refusal, with a reason that is written down. Nothing when the rule allows no exception. */
export function OverrideForm({ answer, location }: { readonly answer: ScanAnswer; readonly location: string }): ReactNode {
  const queries = useQueryClient();
  const time = useVenueTime();
  const [reason, setReason] = useState('');
  const lends = mayLendAnyway(answer);
  const override = useMutation({
    mutationFn: async () => {
      const more = { studentId: answer.person!.id!, override: true, reason: reason.trim() };
      if (lends) {
        const loan = await api.post<Loan>('/api/loans', { bookId: answer.book!.id, ...more });
        announceDone(`“${loan.title}” lent until ${time.day(loan.dueAt)}`, () => api.post(`/api/loans/${loan.id}/return`));
      } else {
        const visit = await api.post<Visit>('/api/visits', { location, ...more });
        announceDone(`Let in at ${time.time(visit.checkedInAt)}`, () => api.post(`/api/visits/${visit.id}/checkout`));
      }
    },
    onError: announceError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['desk'] }),
  });
  // Gone once it is done: a reason that keeps the focus would swallow the next card.
  if (override.isSuccess || (!lends && !mayLetInAnyway(answer))) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    override.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Group mt="sm" gap="xs" align="flex-end">
        <TextInput flex={1} miw={160} label="Reason" description="Written into the audit" required maxLength={200} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        <Button type="submit" variant="default" loading={override.isPending} disabled={reason.trim() === ''}>{lends ? 'Lend anyway' : 'Let in anyway'}</Button>
      </Group>
    </form>
  );
}
