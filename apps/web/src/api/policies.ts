export type LoanMode = 'Days' | 'Datedue' | 'Calendar' | 'Dayweek';

/** The rules that an administrator sets. Money in centavos. */
export interface Policies {
  readonly loans: { readonly mode: LoanMode; readonly days: Readonly<Record<string, number>>; readonly maxLoans: number; readonly maxRenewals: number; readonly renewFrom: 'DUE_DATE' | 'TODAY' };
  readonly holds: { readonly pickupDays: number };
  readonly fines: { readonly perDay: Readonly<Record<string, number>>; readonly maximum: number };
  readonly sessions: { readonly minutes: Readonly<Record<string, number | null>>; readonly dailyMinutes: number; readonly extensionMinutes: number; readonly maxExtensions: number; readonly claimMinutes: number };
  readonly attendance: { readonly dedupeSeconds: number; readonly minimumStayMinutes: number; readonly capacityWarningPercent: number };
  readonly retention: { readonly visitDays: number; readonly loanDays: number; readonly chatDays: number; readonly auditDays: number };
}
export type VersionedPolicies = Policies & { readonly version: number };
