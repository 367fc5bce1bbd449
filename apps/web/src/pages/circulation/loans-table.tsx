import { Button, Group, Menu, Table, Text, VisuallyHidden } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { messageOf } from '../../api/api-error.ts';
import type { Loan } from '../../api/loan.ts';
import { usePages } from '../../api/use-pages.ts';
import { useServerNow } from '../../live/use-server-now.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { LoadMore } from '../../shell/load-more.tsx';
import { PageLoading } from '../../shell/page-loading.tsx';
import { Panel } from '../../shell/panel.tsx';
import { useVenueTime } from '../../venue/venue-context.tsx';
import { daysTo } from '../../venue/days-to.ts';
import stacked from '../../shell/stacked-table.module.css';
import { money } from './money.ts';
import { useLoanActions } from './use-loan-actions.ts';
import classes from './circulation.module.css';

const PAGE = 100;
const EMPTY = {
  open: { title: 'No book is out', text: 'Scan a card and then a book: the loan appears here.' },
  overdue: { title: 'Nothing is overdue', text: 'Every book that is out still has days left.' },
} as const;

/** Loans that are out, the ones due first on top. The overdue ones are a list to print. */
export function LoansTable({ show }: { readonly show: 'open' | 'overdue' }): ReactNode {
  const loans = usePages<Loan>('loans', '/api/loans', { limit: PAGE, ...(show === 'open' ? { open: true } : { overdue: true }) });
  const { renew, giveBack, markLost } = useLoanActions();
  const time = useVenueTime();
  const now = useServerNow(30_000);
  return (
    <Panel testId={`loans-${show}`}>
      <p className={classes.printHead}>{show === 'open' ? 'Books out' : 'Overdue books'}, {time.full(now)}</p>
      {loans.isLoading && <PageLoading />}
      {loans.error && <Text c="red" p="md">{messageOf(loans.error)}</Text>}
      {!loans.isLoading && !loans.error && loans.items.length === 0 && <EmptyState title={EMPTY[show].title}>{EMPTY[show].text}</EmptyState>}
      {loans.items.length > 0 && (
        <Table className={stacked.stacked} miw={820} highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Due</Table.Th>
              <Table.Th>Title</Table.Th>
              <Table.Th>Accession no.</Table.Th>
              <Table.Th>Borrower</Table.Th>
              <Table.Th ta="right">Renewals</Table.Th>
              <Table.Th ta="right">Fine</Table.Th>
              <Table.Th className="no-print"><VisuallyHidden>Actions</VisuallyHidden></Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {loans.items.map((loan) => (
              <Table.Tr key={loan.id}>
                <Table.Td className={loan.status === 'OVERDUE' ? classes.overdue : undefined}><span className={classes.whole}>{time.day(loan.dueAt)}</span> <Text span size="sm" className={classes.whole} c={loan.status === 'OVERDUE' ? 'inherit' : 'dimmed'}>({daysTo(loan.dueAt, now)})</Text></Table.Td>
                <Table.Td fw={600}>{loan.title}</Table.Td>
                <Table.Td>{loan.barcode}</Table.Td>
                <Table.Td>{loan.studentId === null ? 'Erased' : <Link to="/people" search={{ id: loan.studentId } as never} style={{ color: 'inherit' }}>{loan.studentName ?? 'Somebody'}</Link>}</Table.Td>
                <Table.Td ta="right" data-label="renewed">{loan.renewals}</Table.Td>
                <Table.Td ta="right" data-label="fine" style={{ whiteSpace: 'nowrap' }}>{loan.fine > 0 ? money(loan.fine) : '–'}</Table.Td>
                <Table.Td className="no-print">
                  <Group gap={4} justify="flex-end" wrap="nowrap">
                    <Button size="compact-sm" variant="subtle" onClick={() => renew.mutate(loan)}>Renew</Button>
                    <Button size="compact-sm" variant="subtle" onClick={() => giveBack.mutate(loan)}>Return</Button>
                    <Menu position="bottom-end">
                      <Menu.Target><Button size="compact-sm" variant="subtle" color="gray" aria-label={`More for ${loan.title}`}><IconDots size={16} /></Button></Menu.Target>
                      <Menu.Dropdown><Menu.Item onClick={() => markLost.mutate(loan)}>The copy is lost</Menu.Item></Menu.Dropdown>
                    </Menu>
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <LoadMore {...loans} />
    </Panel>
  );
}
