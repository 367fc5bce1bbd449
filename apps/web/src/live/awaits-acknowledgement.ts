import type { Notification } from '@clms/protocol';

/** Whether a notice still waits for somebody to take it, at `now` (the server's time in milliseconds). */
export function awaitsAcknowledgement({ requiresAck, priority, acknowledgedBy, expiresAt }: Notification, now: number): boolean {
  return (requiresAck === true || priority === 'CRITICAL') && acknowledgedBy === undefined && (expiresAt === undefined || Date.parse(expiresAt) > now);
}
