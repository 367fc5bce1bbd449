import { useTopic } from '@clms/client/react';
import { Button, SegmentedControl } from '@mantine/core';
import { IconBookmarkPlus, IconPrinter } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import { PageHead } from '../../shell/page-head.tsx';
import { AddHoldDialog } from './add-hold-dialog.tsx';
import { HoldsTable } from './holds-table.tsx';
import { LendingPanel } from './lending-panel.tsx';
import { LoansTable } from './loans-table.tsx';

type Shown = 'open' | 'overdue' | 'holds';

/** Books out, books late, books waited for; and the place to lend and take back. */
export default function CirculationPage(): ReactNode {
  const { show = 'open' } = useSearch({ strict: false }) as { show?: Shown };
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [addingHold, setAddingHold] = useState(false);
  const metrics = useTopic('dashboard').state?.metrics;
  const newest = useTopic('activities', { activityType: ['BOOK_BORROW', 'BOOK_RETURN'] }).state[0]?.id;
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ['loans'] });
    void queries.invalidateQueries({ queryKey: ['holds'] });
  }, [queries, newest, metrics?.overdueItems]);
  return (
    <>
      <PageHead title="Circulation" lead={metrics && `${metrics.booksBorrowed ?? 0} out, ${metrics.overdueItems ?? 0} overdue`}>
        <SegmentedControl
          className="no-print"
          data={[{ value: 'open', label: 'Books out' }, { value: 'overdue', label: 'Overdue' }, { value: 'holds', label: 'Holds' }]}
          value={show}
          onChange={(value) => void navigate({ to: '/circulation', search: { show: value } as never, replace: true })}
        />
        {show === 'holds'
          ? <Button leftSection={<IconBookmarkPlus size={16} />} onClick={() => setAddingHold(true)}>Place a hold</Button>
          : <Button className="no-print" variant="default" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>Print</Button>}
      </PageHead>
      <div className="no-print"><LendingPanel /></div>
      {show === 'holds' ? <HoldsTable /> : <LoansTable key={show} show={show} />}
      {addingHold && <AddHoldDialog onClose={() => setAddingHold(false)} />}
    </>
  );
}
