import { api } from '../../api/api.ts';
import type { ScanAnswer } from '../../api/scan.ts';

/** How a scan is taken back, or undefined where there is nothing to take back. */
export function undoOf({ result, visit, loan }: ScanAnswer): (() => Promise<unknown>) | undefined {
  if (result === 'CHECKED_IN' && visit?.id) return () => api.post(`/api/visits/${visit.id}/checkout`);
  if (result === 'CHECKED_OUT' && visit?.studentId) return () => api.post('/api/visits', { studentId: visit.studentId, location: visit.location });
  if (result === 'BORROWED' && loan?.id) return () => api.post(`/api/loans/${loan.id}/return`);
  if (result === 'RETURNED' && loan?.bookId && loan.studentId) return () => api.post('/api/loans', { bookId: loan.bookId, studentId: loan.studentId, override: true, reason: 'Returned by mistake' });
  return undefined;
}
