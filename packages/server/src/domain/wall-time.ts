import { localTime, wallText } from './instant.ts';

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** "14:20" on the venue's wall. */
export function wallTime(ms: number, zone: string): string {
  return wallText(ms, zone).slice(11, 16);
}

/** "Wed 2 Dec" on the venue's calendar. */
export function wallDay(ms: number, zone: string): string {
  const { dayOfWeek, day, month } = localTime(ms, zone);
  return `${WEEKDAYS[dayOfWeek - 1]} ${day} ${MONTHS[month - 1]}`;
}
