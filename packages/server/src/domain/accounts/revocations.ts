/** Told after the commit, so that open sockets follow within a second [AUTH3][AUTH4]. */
export interface Revocations {
  /** A session ended (logout, stolen token, device revoked), or all sessions of a user did (disabled, new password). */
  revoked(whose: { readonly sessionId: string } | { readonly userId: string }): void;
  roleChanged(userId: string, role: string): void;
}
