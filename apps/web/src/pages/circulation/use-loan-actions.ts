import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/api.ts';
import type { Loan } from '../../api/loan.ts';
import { announceDone, announceError } from '../../shell/announce-change.tsx';
import { useVenueTime } from '../../venue/venue-context.tsx';

/** What staff do with a loan in a list. Each says what came of it. */
export function useLoanActions() {
  const queries = useQueryClient();
  const time = useVenueTime();
  const refresh = () => {
    for (const key of ['loans', 'holds', 'person-card']) void queries.invalidateQueries({ queryKey: [key] });
  };
  const shared = { onError: announceError, onSettled: refresh };
  const renew = useMutation({
    mutationFn: (loan: Loan) => api.post<Loan>(`/api/loans/${loan.id}/renew`),
    onSuccess: ({ title, dueAt }: Loan) => announceDone(`“${title}” renewed until ${time.day(dueAt)}`),
    ...shared,
  });
  const giveBack = useMutation({
    mutationFn: (loan: Loan) => api.post<Loan>(`/api/loans/${loan.id}/return`),
    // Lent again it would count from today: what was overdue stays returned.
    onSuccess: (_: Loan, { title, bookId, studentId, status }: Loan) => announceDone(`“${title}” returned`, status === 'OVERDUE' || studentId === null ? undefined : () => api.post('/api/loans', { bookId, studentId }).then(refresh)),
    ...shared,
  });
  const markLost = useMutation({
    mutationFn: (loan: Loan) => api.post<Loan>(`/api/loans/${loan.id}/lost`),
    onSuccess: ({ id, title }: Loan) => announceDone(`“${title}” is marked as lost. A return undoes it.`, () => api.post(`/api/loans/${id}/return`).then(refresh)),
    ...shared,
  });
  return { renew, giveBack, markLost };
}
