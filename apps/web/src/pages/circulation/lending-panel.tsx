import { Alert, Button, Group, Text, TextInput } from '@mantine/core';
import { IconBarcode, IconX } from '@tabler/icons-react';
import { useState, type FormEvent, type ReactNode } from 'react';
import { messageOf } from '../../api/api-error.ts';
import { fullName, gradeAndSection } from '../../api/person.ts';
import { Initials } from '../../people/initials.tsx';
import { PersonPicker } from '../../people/person-picker.tsx';
import { useScans } from '../../scanning/use-page-keys.ts';
import { LendingResult } from './lending-result.tsx';
import { useLending } from './use-lending.ts';
import classes from './circulation.module.css';

/** Card, then books: lent. A lent book on its own: returned. By scanner, wherever the focus is, or typed. */
export function LendingPanel(): ReactNode {
  const { borrower, outcome, error, isWorking, take, lendAnyway, choose } = useLending();
  const [typed, setTyped] = useState('');
  useScans(take);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() === '') return;
    take(typed);
    setTyped('');
  };
  return (
    <section className={classes.lending} aria-label="Lend and take back">
      <div className={classes.borrower}>
        {borrower ? (
          <Group wrap="nowrap" justify="space-between" align="flex-start">
            <Group wrap="nowrap" gap="sm">
              <Initials surname={borrower.surname} givenName={borrower.givenName} size={44} />
              <div>
                <Text fw={650}>{fullName(borrower)}</Text>
                <Text size="sm" c="dimmed">{gradeAndSection(borrower)}</Text>
              </div>
            </Group>
            <Button size="compact-sm" variant="subtle" color="gray" leftSection={<IconX size={14} />} onClick={() => choose(null)}>Done</Button>
          </Group>
        ) : <PersonPicker label="Borrower" value={null} onChange={choose} />}
        <form onSubmit={submit}>
          <Group gap="xs" align="flex-end" wrap="nowrap">
            <TextInput flex={1} label={borrower ? 'Book to lend' : 'Book or card'} placeholder="Barcode" maxLength={64} autoComplete="off" leftSection={<IconBarcode size={16} />} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
            <Button type="submit" variant="default" loading={isWorking}>Take</Button>
          </Group>
        </form>
      </div>
      <div className={classes.outcome} role="status" data-kind={error ? 'refused' : outcome?.kind}>
        {error !== null && <Alert color="red" title="Not done">{messageOf(error)}</Alert>}
        {error === null && outcome && <LendingResult key={JSON.stringify(outcome)} outcome={outcome} isWorking={isWorking} onLendAnyway={lendAnyway} />}
        {error === null && !outcome && (
          <>
            <Text fw={650} size="lg">Scan a card, then the books to lend</Text>
            <Text c="dimmed">A lent book scanned on its own comes back, and this place says who waits for it.</Text>
          </>
        )}
      </div>
    </section>
  );
}
