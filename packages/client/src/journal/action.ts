/** An HTTP command as a desk gives it. */
export interface ActionRequest {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  /** Path of the API, such as `/api/loans`. */
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  /** The route takes `scannedAt`, `sentAt` and `sequence` in its body, as `/api/scans` does. */
  readonly stamped?: boolean;
  /** When it was done, by this device's clock, if not now. Milliseconds since the epoch. */
  readonly scannedAt?: number;
}

/** How a command ended. `body` is the server's answer, a problem document for a refusal. */
export type ActionOutcome =
  | { readonly kind: 'applied'; readonly status: number; readonly body: unknown }
  /** It had been done before; `body` is the first answer. */
  | { readonly kind: 'duplicate'; readonly status: number; readonly body: unknown }
  /** The server will not do it, and asking again would not help. */
  | { readonly kind: 'conflict'; readonly status: number; readonly body: unknown }
  /** It could not be delivered while it was safe to deliver. */
  | { readonly kind: 'expired' };

export type ActionState =
  | {
      readonly state: 'kept';
      readonly attempts: number;
      /** Milliseconds since the epoch; from when on it may be tried again. */
      readonly nextAttemptAt: number;
      /** Of the first attempt that may have reached the server. */
      readonly firstAttemptAt?: number;
      /** Why the last attempt failed. */
      readonly problem?: string;
    }
  | { readonly state: 'done'; readonly doneAt: number; readonly outcome: ActionOutcome };

/** A command in the journal. Never changed in place. */
export interface Action {
  /** Also its idempotency key. */
  readonly id: string;
  readonly workstation: string;
  /** Rises by one per command of a workstation; commands of one workstation are sent in this order. */
  readonly sequence: number;
  readonly method: ActionRequest['method'];
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly stamped: boolean;
  /** Milliseconds since the epoch, by this device's clock. */
  readonly scannedAt: number;
  readonly progress: ActionState;
}

export type KeptAction = Action & { readonly progress: Extract<ActionState, { state: 'kept' }> };

export function isKept(action: Action): action is KeptAction {
  return action.progress.state === 'kept';
}
