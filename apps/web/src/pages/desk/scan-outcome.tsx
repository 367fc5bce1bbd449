import { Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ScanAnswer } from '../../api/scan.ts';
import { useVenueTime } from '../../venue/venue-context.tsx';
import { KeptFor } from './kept-for.tsx';
import { OverrideForm } from './override-form.tsx';
import { decidedBy } from './loan-rule-words.ts';
import { deskMessage, scanWords } from './scan-words.ts';
import classes from './desk.module.css';

const ICONS = { good: IconCircleCheck, neutral: IconInfoCircle, refused: IconAlertTriangle };

/** What the last scan did; when it was refused: why, who decided it, and what may be done. */
export function ScanOutcome({ answer, location }: { readonly answer: ScanAnswer; readonly location: string }): ReactNode {
  const time = useVenueTime();
  const { tone, title } = scanWords(answer);
  const Icon = ICONS[tone];
  const decided = tone === 'refused' ? decidedBy(answer.code) : undefined;
  return (
    <div className={classes.outcome} data-tone={tone} role="status">
      <Icon size={28} stroke={1.8} />
      <div style={{ minWidth: 0, flex: 1 }}>
        <div className={classes.outcomeTitle}>{title}</div>
        {answer.book && <Text fw={600}>{answer.book.title}</Text>}
        {answer.result === 'BORROWED' && answer.loan && <div className={classes.dueDate}>Due {time.day(answer.loan.dueAt)}</div>}
        {answer.result !== 'BORROWED' && <Text size="sm">{deskMessage(answer)}</Text>}
        {answer.notices.map((notice) => <Text key={notice.kind} size="sm" fw={600}>{notice.message}</Text>)}
        {answer.book && answer.notices.some(({ kind }) => kind === 'HOLD_WAITING') && <KeptFor book={answer.book} />}
        {decided && <Text size="sm" c="dimmed">Decided by {decided}.</Text>}
        <OverrideForm answer={answer} location={location} />
      </div>
    </div>
  );
}
