/** Who a connection speaks for, as proven by its credential. The engine knows roles only as words. */
export interface Identity {
  readonly userId: string;
  readonly username: string;
  readonly role: string;
  /** Login session or device: revoking it closes its sockets [AUTH4]. */
  readonly sessionId: string;
  /** Place a device stands at; notices can be addressed to it. */
  readonly station?: string;
  /** Milliseconds since the Unix epoch; undefined = does not expire by itself (device tokens). */
  readonly expiresAt?: number;
}
