import { Button, Group, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { fullName } from '../../api/person.ts';
import { useVenueTime } from '../../venue/venue-context.tsx';
import { decidedBy, OVERRIDABLE } from '../desk/loan-rule-words.ts';
import { money } from './money.ts';
import type { LendingOutcome } from './use-lending.ts';
import classes from './circulation.module.css';

export interface LendingResultProps {
  readonly outcome: LendingOutcome;
  readonly isWorking: boolean;
  readonly onLendAnyway: (request: { readonly book: Extract<LendingOutcome, { kind: 'refused' }>['book']; readonly person: Extract<LendingOutcome, { kind: 'refused' }>['person']; readonly reason: string }) => void;
}

/** What became of the last barcode, in large words. */
export function LendingResult({ outcome, isWorking, onLendAnyway }: LendingResultProps): ReactNode {
  const time = useVenueTime();
  switch (outcome.kind) {
    case 'borrower':
      return <Result title="Now the book" detail={`Books scanned now go to ${fullName(outcome.person)}.`} />;
    case 'lent':
      return (
        <Result title={`Due ${time.day(outcome.loan.dueAt)}`} detail={`“${outcome.loan.title}” lent to ${fullName(outcome.person)}.`} />
      );
    case 'returned':
      return (
        <Result title="Returned" detail={`“${outcome.loan.title}”${outcome.loan.studentName ? `, from ${outcome.loan.studentName}` : ''}.`}>
          {outcome.loan.fine > 0 && <Text fw={600} c="var(--clms-soon)">Fine {money(outcome.loan.fine)}</Text>}
          {outcome.hold && <Text fw={600} c="var(--clms-accent)">Keep it at the desk for {outcome.hold.studentName ?? 'the next in line'}{outcome.hold.readyUntil ? ` until ${time.day(outcome.hold.readyUntil)}` : ''}</Text>}
        </Result>
      );
    case 'on_shelf':
      return <Result title="Not lent" detail={`“${outcome.book.title}” is not out. Scan a card first to lend it.`} />;
    case 'unknown':
      return <Result title="Unknown code" detail={`Neither a card nor a book has ${outcome.barcode}.`} />;
    case 'refused':
      return (
        <Result title="Not possible" detail={outcome.message}>
          {decidedBy(outcome.code) && <Text size="sm" c="dimmed">Decided by {decidedBy(outcome.code)}.</Text>}
          {OVERRIDABLE.has(outcome.code) && <LendAnyway isWorking={isWorking} onReason={(reason) => onLendAnyway({ book: outcome.book, person: outcome.person, reason })} />}
        </Result>
      );
  }
}

function Result({ title, detail, children }: { readonly title: string; readonly detail: string; readonly children?: ReactNode }): ReactNode {
  return (
    <>
      <p className={classes.outcomeTitle}>{title}</p>
      <Text>{detail}</Text>
      {children}
    </>
  );
}

function LendAnyway({ isWorking, onReason }: { readonly isWorking: boolean; readonly onReason: (reason: string) => void }): ReactNode {
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onReason(reason.trim());
  };
  return (
    <form onSubmit={submit}>
      <Group gap="xs" align="flex-end" mt="xs">
        <TextInput flex={1} miw={160} label="Reason" description="Written into the audit" required maxLength={200} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        <Button type="submit" variant="default" loading={isWorking} disabled={reason.trim() === ''}>Lend anyway</Button>
      </Group>
    </form>
  );
}
