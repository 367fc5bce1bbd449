/**
 * What one user may have on all nodes together. Part of a broker for several nodes. Every call rejects soon when the common memory does not
 * answer: a message or a client is waiting, and the node that asks can decide alone.
 */
export interface SharedLimits {
  /** [RATE1] Takes tokens of the user's bucket and resolves to 0, or takes none and resolves to the milliseconds after which there will be enough. */
  takeTokens(userId: string, count: number, rate: { readonly perSecond: number; readonly burst: number }): Promise<number>;
  /** [UP5] This node is to have `count` connections of the user. False = with those of the other nodes it would be more than `limit`; nothing has changed. */
  claimPlaces(userId: string, count: number, limit: number): Promise<boolean>;
  /** So many connections these users have on this node, now. */
  tellPlaces(counts: ReadonlyMap<string, number>): Promise<void>;
  /** A sign of life: what a silent node had counts no longer. False = nothing was known of this node any more, and it has to tell its places again. */
  beat(): Promise<boolean>;
}
