import type { ServerEnvelope } from '@clms/protocol';

/** A server frame, or undefined if the text is none. */
export function parseFrame(text: string): ServerEnvelope | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isEnvelope(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isEnvelope(value: unknown): value is ServerEnvelope {
  return typeof value === 'object' && value !== null && typeof (value as ServerEnvelope).type === 'string';
}
