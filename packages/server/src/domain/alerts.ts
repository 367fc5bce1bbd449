import type { Alert } from '@clms/protocol';

/** What can need somebody's attention, as counts: alerts carry no name, so that a display may show them. */
export interface Situation {
  readonly locations: readonly { readonly name: string; readonly capacity: number; readonly inside: number }[];
  /** From this share of a location's capacity on there is a warning [ATT3]. */
  readonly capacityWarningPercent: number;
  readonly endingSoon: number;
  readonly overdueItems: number;
  /** Notices that somebody must acknowledge and nobody has. */
  readonly unacknowledged: number;
  readonly emergencies: number;
  readonly scanExceptions: number;
  /** Stations in maintenance or out of order. */
  readonly outOfUse: number;
}

/** Most pressing first. Equal situations give equal alerts: no words that change with every second. */
export function alertsOf(situation: Situation): Alert[] {
  const { endingSoon, overdueItems, unacknowledged, emergencies, scanExceptions, outOfUse } = situation;
  return [
    alert('EMERGENCY', 'DANGER', emergencies, 'emergency without all-clear', 'emergencies without all-clear'),
    ...situation.locations.flatMap((location) => capacityWarning(location, situation.capacityWarningPercent)),
    alert('UNACKNOWLEDGED', 'WARNING', unacknowledged, 'notice waits for an acknowledgement', 'notices wait for an acknowledgement'),
    alert('TIME_LIMIT_WARNING', 'WARNING', endingSoon, 'student approaching time limit', 'students approaching time limit'),
    alert('OVERDUE', 'WARNING', overdueItems, 'book is overdue', 'books are overdue'),
    alert('SCAN_EXCEPTIONS', 'WARNING', scanExceptions, 'scan needs a look', 'scans need a look'),
    alert('EQUIPMENT_OUT_OF_USE', 'INFO', outOfUse, 'station is out of use', 'stations are out of use'),
  ].filter(({ count }) => count > 0);
}

function capacityWarning({ name, capacity, inside }: Situation['locations'][number], percent: number): Alert[] {
  const used = Math.floor((inside * 100) / capacity);
  if (inside * 100 < capacity * percent) return [];
  const words = inside >= capacity ? `${name} is full: ${inside} of ${capacity}` : `${name} is at ${used} %: ${inside} of ${capacity}`;
  return [{ type: 'CAPACITY_WARNING', message: words, count: inside, severity: inside >= capacity ? 'DANGER' : 'WARNING' }];
}

function alert(type: string, severity: Alert['severity'], count: number, one: string, many: string): Alert {
  return { type, message: `${count} ${count === 1 ? one : many}`, count, severity };
}
