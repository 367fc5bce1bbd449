/** What the server writes into the audit. An action that is missing here can be read all the same, only not chosen. */
const ACTIONS = [
  'LOGIN', 'LOGOUT', 'WS_CONNECT', 'REFRESH_TOKEN_REUSED', 'PERSON_CREATED', 'PERSON_CHANGED', 'PERSON_ERASED', 'VISIT_MOVED', 'VISIT_OVERRIDE', 'SESSION_EXTEND', 'SESSION_END', 'SESSION_OVERRIDE',
  'WAITING_LEFT', 'EQUIPMENT_CREATE', 'EQUIPMENT_UPDATE', 'BOOK_CREATE', 'BOOK_UPDATE', 'LOAN_RENEW', 'LOAN_OVERRIDE', 'LOAN_LOST', 'HOLD_PLACE', 'HOLD_CANCEL', 'NOTICE_RAISE', 'NOTICE_ACKNOWLEDGE',
  'EMERGENCY_RAISED', 'EMERGENCY_CLEARED', 'SCAN_EXCEPTION_RESOLVED', 'IMPORT_APPLIED', 'RETENTION_APPLIED', 'SETTINGS_CHANGED', 'USER_CREATED', 'USER_CHANGED', 'DEVICE_CREATED', 'DEVICE_PAIRED',
  'DEVICE_CHANGED', 'DEVICE_REVOKED', 'API_KEY_CREATED', 'API_KEY_REVOKED', 'DEMO_SCHOOL_LOADED',
] as const;

const OWN_WORDS: Readonly<Record<string, string>> = { WS_CONNECT: 'Live connection', API_KEY_CREATED: 'API key created', API_KEY_REVOKED: 'API key revoked', LOGIN: 'Sign-in', LOGOUT: 'Sign-out' };

/** "Person changed" of PERSON_CHANGED. */
export function auditWords(code: string): string {
  const words = code.replaceAll('_', ' ').toLowerCase();
  return OWN_WORDS[code] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

export const AUDIT_CHOICES = ACTIONS.map((value) => ({ value, label: auditWords(value) })).toSorted((a, b) => a.label.localeCompare(b.label));

/** "user agent: Mozilla …, origin: …" */
export function detailWords(details: Readonly<Record<string, unknown>>): string {
  return Object.entries(details)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}: ${Array.isArray(value) ? value.join(' and ') : typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
}
