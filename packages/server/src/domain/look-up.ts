import type { Unit } from './unit.ts';

/** Writes into the audit that somebody looked people up: who, when, whom or how many; never what was typed, which may be a name. */
export function auditLookUp(unit: Unit, what: 'PEOPLE_LISTED' | 'PEOPLE_SEARCHED' | 'PERSON_VIEWED' | 'PERSON_HISTORY_VIEWED' | 'PERSON_EXPORTED', found: { personId: string } | { count: number }): void {
  if ('personId' in found) unit.audit({ action: what, entity: 'person', entityId: found.personId });
  else unit.audit({ action: what, entity: 'person', details: { count: found.count } });
}
