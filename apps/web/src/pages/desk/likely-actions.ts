import type { DeskPerson } from './use-desk-person.ts';

/** What the desk may offer for a person. */
export type DeskAction =
  | { readonly kind: 'check_in' }
  | { readonly kind: 'check_out' }
  | { readonly kind: 'hand_over'; readonly bookId: string; readonly title: string }
  | { readonly kind: 'extend'; readonly sessionId: string; readonly name: string }
  | { readonly kind: 'end_session'; readonly sessionId: string; readonly name: string }
  | { readonly kind: 'start_session' }
  | { readonly kind: 'renew'; readonly loanIds: readonly string[] };

export interface OfferedAction {
  readonly key: string;
  readonly label: string;
  readonly action: DeskAction;
}

const OFFERED = 3;

/** The three actions that come next most often, the likeliest first. Lending and returning need no button: the book is scanned. */
export function likelyActions({ person, visit, running, loans, holds }: DeskPerson): readonly OfferedAction[] {
  const offers: OfferedAction[] = [];
  const ready = holds.find(({ status, bookId }) => status === 'READY' && bookId !== null);
  if (ready?.bookId) offers.push({ key: 'b', label: `Hand over “${ready.title}”`, action: { kind: 'hand_over', bookId: ready.bookId, title: ready.title } });
  if (!visit && person.active) offers.push({ key: 'i', label: 'Check in', action: { kind: 'check_in' } });
  if (running) {
    const { item, session } = running;
    offers.push({ key: 'x', label: `Extend ${item.name}`, action: { kind: 'extend', sessionId: session.id, name: item.name } });
    offers.push({ key: 'n', label: `End ${item.name}`, action: { kind: 'end_session', sessionId: session.id, name: item.name } });
  } else if (person.active) offers.push({ key: 's', label: 'Start a station', action: { kind: 'start_session' } });
  if (visit) offers.push({ key: 'o', label: 'Check out', action: { kind: 'check_out' } });
  const renewable = loans.filter(({ status }) => status === 'ACTIVE');
  if (renewable.length > 0) offers.push({ key: 'r', label: renewable.length === 1 ? 'Renew the book' : `Renew ${renewable.length} books`, action: { kind: 'renew', loanIds: renewable.map(({ id }) => id) } });
  return offers.slice(0, OFFERED);
}
