import type { Activity } from '@clms/protocol';
import { duration } from '../../venue/venue-time.ts';

export type ActivityKind = 'in' | 'out' | 'station' | 'book';

/** Which filter of the list an activity belongs to. */
export function activityKind({ activityType }: Activity): ActivityKind {
  if (activityType === 'CHECK_IN') return 'in';
  if (activityType === 'CHECK_OUT') return 'out';
  return activityType === 'EQUIPMENT_USE' ? 'station' : 'book';
}

/** What happened, in a few words after the name. */
export function activityWords(activity: Activity): string {
  const { activityType, location, equipmentName, metadata } = activity;
  const stayed = activity.duration === undefined ? '' : ` after ${duration(activity.duration * 1000)}`;
  switch (activityType) {
    case 'CHECK_IN': return ['in', location].filter(Boolean).join(' · ');
    case 'CHECK_OUT': return `${metadata?.['endedBy'] === 'CLOSING' ? 'closing' : 'out'}${stayed}`;
    case 'EQUIPMENT_USE': return `${equipmentName ?? 'Station'}${activity.duration === undefined ? '' : ` ended${stayed}`}`;
    case 'BOOK_BORROW': return `borrows ${titleOf(activity)}`;
    case 'BOOK_RETURN': return `returns ${titleOf(activity)}`;
  }
}

function titleOf({ metadata }: Activity): string {
  const title = metadata?.['title'];
  return typeof title === 'string' ? `“${title}”` : 'a book';
}
