import { STAFF_ROLES, type Role } from '@clms/protocol';
import { invalidMessage, type Commands, type Identity, type Outcome, type Sender } from '@clms/realtime';
import type { Actor } from '../domain/actor.ts';
import { postChat } from '../domain/chat.ts';
import { acknowledge } from '../domain/receipts.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Unit } from '../domain/unit.ts';
import type { UnitRunner } from '../domain/unit-runner.ts';
import type { Relay } from './relay.ts';

const isStaffRole = (role: string): role is 'ADMIN' | 'LIBRARIAN' | 'STAFF' => (STAFF_ROLES as readonly string[]).includes(role);

/** The actor that a socket's identity stands for. */
export function actorOf({ userId, username, role, sessionId, station }: Identity): Actor {
  if (isStaffRole(role)) return { kind: 'user', id: userId, name: username, role, sessionId };
  return { kind: 'device', id: userId, name: username, role: role as Exclude<Role, 'ADMIN' | 'LIBRARIAN' | 'STAFF'>, ...(station !== undefined && { station }) };
}

/** What sockets may command beside subscribing: receipts and chat. Each runs as a unit, like a request does. */
export function socketCommands(runner: UnitRunner, relay: Pick<Relay, 'catchUp'>): Commands {
  return {
    ack: (sender, { id, state }) =>
      answer(async () => {
        await runner.run(actorOf(sender.identity), (unit) => acknowledge(unit, id, state));
        return { kind: 'reply', type: 'acked', data: { id, state } };
      }),
    chat: (sender, data) =>
      answer(async () => {
        if (!isStaffRole(sender.identity.role)) return { kind: 'error', code: 'UNAUTHORIZED', message: `Chat is not for ${sender.identity.role}.` };
        let told = false;
        const message = await runner.run(actorOf(sender.identity), (unit) => {
          told = false;
          return postChat(withReply(unit, sender, () => (told = true)), data);
        });
        if (!told || !sender.follows('chat', 'room', data.room)) return { kind: 'reply', type: 'chat_message', data: message };
        // The sender's copy is the event itself. It is waited for, or a subscription that the sender asks for next would bring it without `replyTo`.
        // While the broker is away it stays in the outbox, and is nothing that the sender did wrong.
        await relay.catchUp().catch(() => undefined);
        return { kind: 'done' };
      }),
  };
}

function withReply(unit: Unit, { clientId, messageId }: Sender, published: () => void): Unit {
  return {
    ...unit,
    publish: (topic, type, data, meta) => {
      published();
      unit.publish(topic, type, data, messageId === undefined ? meta : { ...meta, replyTo: { clientId, messageId } });
    },
  };
}

/** A rule's refusal is an answer; anything else is a failure of the handler. */
async function answer(work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 401 || error.status === 403) return { kind: 'error', code: 'UNAUTHORIZED', message: error.message, details: { code: error.code } };
    if (error.status === 404) return invalidMessage(error.message, 'data.id', 'the id of something that is there');
    const wrong = error.errors?.[0];
    return invalidMessage(error.message, wrong ? `data.${wrong.path.replace(/^body\./, '')}` : 'data', wrong?.message ?? error.code);
  }
}
