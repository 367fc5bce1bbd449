import type { EmergencyAlert } from '@clms/protocol';

/** Staff see names, devices do not: the one's list is not the other's. */
export type EmergencyAudience = 'staff' | 'device';

/** Emergencies without all-clear, as this computer last had them. */
export interface KeptEmergencies {
  /** Id of the user or device that they were told to. */
  readonly owner: string;
  readonly alerts: readonly EmergencyAlert[];
  /** Server's time of the last proof, ISO 8601; undefined when there was none. */
  readonly provenAt?: string;
}

const keyOf = (audience: EmergencyAudience): string => `clms.emergency.${audience}`;

/** Keeps them until the all-clear: a page that is reloaded in the middle, with the server gone, must still have its list. */
export function keepEmergencies(audience: EmergencyAudience, kept: KeptEmergencies): void {
  if (kept.alerts.length === 0) forgetEmergencies(audience);
  else localStorage.setItem(keyOf(audience), JSON.stringify(kept));
}

export function forgetEmergencies(audience: EmergencyAudience): void {
  localStorage.removeItem(keyOf(audience));
}

/** What was kept for this owner. */
export function keptEmergencies(audience: EmergencyAudience, owner: string): KeptEmergencies | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(audience)) ?? 'null') as KeptEmergencies | null;
    return kept?.owner === owner ? kept : undefined;
  } catch {
    // Somebody edited the storage; the server tells it anew.
    return undefined;
  }
}
