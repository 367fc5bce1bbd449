import type { Broker } from '@clms/realtime';
import type { ForgetEvents } from '../domain/person-erasure.ts';
import type { Store } from '../store/open-store.ts';
import type { Relay } from './relay.ts';

interface Log {
  error(details: Record<string, unknown>, message: string): void;
}

/**
 * Cuts each topic's history behind the newest of these events, once the broker has them all [PRV2]: who resumes from before gets a snapshot. The
 * outbox, from which a restart rebuilds the history, has been rewritten by then; last, the database lets go of what stood there before.
 */
export function forgetEvents(relay: Relay, broker: Broker, store: Pick<Store, 'forget'>, log: Log): ForgetEvents {
  return (events) => {
    const work = async () => {
      await relay.catchUp();
      for (const [topic, named] of Map.groupBy(events, (event) => event.topic)) await broker.forget(topic, named.map((event) => event.id));
      await store.forget();
    };
    work().catch((error: unknown) => log.error({ err: error }, 'what is left of an erased person in histories could not be cut; it ends by its age'));
  };
}
