import type { Notification } from '@clms/protocol';

/** What one recipient did with a notice, and where. */
export interface Receipt {
  /** Id of a user or device. */
  readonly recipient: string;
  readonly state: 'delivered' | 'seen' | 'acknowledged';
  readonly at: string;
  readonly place: string | null;
}

export interface Notice extends Notification {
  readonly receipts: readonly Receipt[];
}
