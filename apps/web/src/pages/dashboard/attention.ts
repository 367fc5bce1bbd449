import type { Alert, Equipment, Notification } from '@clms/protocol';
import { awaitsAcknowledgement } from '../../live/awaits-acknowledgement.ts';
import { minutesLeft } from '../../venue/venue-time.ts';

/** Something that needs somebody, with what can be done about it at once. */
export type Attention =
  | { readonly kind: 'ending'; readonly id: string; readonly severity: Alert['severity']; readonly station: string; readonly who: string; readonly minutes: number; readonly sessionId: string }
  | { readonly kind: 'notice'; readonly id: string; readonly severity: Alert['severity']; readonly notice: Notification }
  | { readonly kind: 'alert'; readonly id: string; readonly severity: Alert['severity']; readonly alert: Alert };

/** From here on the end of a session is announced. */
const ENDING_MINUTES = 10;
const RANK = { DANGER: 0, WARNING: 1, INFO: 2 } as const;

/** Everything that needs somebody, most pressing first. Alerts that only count what is listed one by one are left out. */
export function attentionList(alerts: readonly Alert[], equipment: Iterable<Equipment>, notices: readonly Notification[], now: number): readonly Attention[] {
  const ending: Attention[] = [...equipment]
    .flatMap((item) => item.sessions.map((session) => ({ item, session })))
    .flatMap(({ item, session }) => {
      if (session.endsAt === null || minutesLeft(session.endsAt, now) > ENDING_MINUTES) return [];
      return [{ kind: 'ending' as const, id: session.id, severity: 'WARNING' as const, station: item.name, who: session.studentName ?? '', minutes: minutesLeft(session.endsAt, now), sessionId: session.id }];
    })
    .toSorted((a, b) => a.minutes - b.minutes);
  const waiting: Attention[] = notices
    .filter((notice) => awaitsAcknowledgement(notice, now))
    .map((notice) => ({ kind: 'notice', id: notice.id, severity: notice.priority === 'CRITICAL' ? 'DANGER' : 'WARNING', notice }));
  const listed = new Set([...(ending.length > 0 ? ['TIME_LIMIT_WARNING'] : []), ...(waiting.length > 0 ? ['UNACKNOWLEDGED'] : [])]);
  const counted: Attention[] = alerts.filter(({ type }) => !listed.has(type)).map((alert) => ({ kind: 'alert', id: `${alert.type} ${alert.message}`, severity: alert.severity, alert }));
  return [...waiting, ...ending, ...counted].toSorted((a, b) => RANK[a.severity] - RANK[b.severity]);
}
