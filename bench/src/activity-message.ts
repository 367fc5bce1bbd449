export interface ActivityMessage {
  readonly type: 'activity_update';
  readonly data: Readonly<Record<string, unknown>>;
}

export const LOCATIONS = Array.from({ length: 20 }, (_, i) => `Reading Room ${i + 1}`);

/**
 * The event that every server sends: one activity of about 370 bytes on the wire with its envelope, stamped with the instant at which it was
 * due: a publisher that falls behind cannot hide its lateness. `padTo` grows it by text that compresses like the rest.
 */
export function activityMessage(sequence: number, sentAtMicros: number, padTo = 0): ActivityMessage {
  const data = {
    id: `activity_${String(sequence).padStart(8, '0')}`,
    studentId: `student_${String((sequence * 7919) % 2400).padStart(5, '0')}`,
    studentName: `Maria Santos ${sequence % 100}`,
    activityType: sequence % 2 === 0 ? 'CHECK_IN' : 'CHECK_OUT',
    timestamp: '2026-06-15T08:30:00.000Z',
    location: LOCATIONS[sequence % LOCATIONS.length]!,
    metadata: { sentAt: sentAtMicros, ...(padTo > 0 && { note: padding(padTo, sequence) }) },
  };
  return { type: 'activity_update', data };
}

const WORDS = ['returned', 'the', 'second', 'volume', 'late', 'and', 'asked', 'for', 'a', 'seat', 'near', 'window', 'computer', 'until', 'closing', 'today'];

function padding(bytes: number, seed: number): string {
  let text = '';
  let state = seed + 1;
  while (text.length < bytes) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    text += `${WORDS[(state >> 8) % WORDS.length]}${(state >> 4) % 100} `;
  }
  return text.slice(0, bytes);
}

/** The envelope that peers without one of their own get, so that all send the same bytes. */
export function envelope(message: ActivityMessage, offset: number): string {
  return JSON.stringify({ id: `msg_${String(offset).padStart(20, '0')}`, timestamp: '2026-06-15T08:30:00.000Z', type: message.type, topic: 'activities', offset, prev: offset - 1, data: message.data });
}
