import type { Broker, Cancel, Clock, PresenceState } from '@clms/realtime';
import { toInstant } from '../domain/instant.ts';
import { newEventId } from '../ids.ts';

/** Changes of so long are told together: after a restart everybody comes back at once. */
const BATCH_MS = 50;

/** Tells who is there to those who follow `chat` [CHT2]. What waits is bounded by the connections there are. */
export function presencePublisher(broker: Pick<Broker, 'publish'>, machine: Clock, now: () => number): { add(state: PresenceState): void; close(): void } {
  let waiting: PresenceState[] = [];
  let cancel: Cancel | undefined;
  return {
    add(presence) {
      waiting.push(presence);
      cancel ??= machine.setTimer(BATCH_MS, () => {
        cancel = undefined;
        const timestamp = toInstant(now());
        const events = waiting.map((data) => ({ id: newEventId(now()), topic: 'chat', type: 'presence_update', timestamp, data: { ...data, timestamp } }));
        waiting = [];
        // Presence that cannot be told now is told with its next change: it is a state, not a message.
        broker.publish(events).catch(() => undefined);
      });
    },
    close: () => cancel?.(),
  };
}
