import { localTime } from './instant.ts';

/** "14:20" on the venue's wall. */
export function wallTime(ms: number, zone: string): string {
  const { hour, minute } = localTime(ms, zone);
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
