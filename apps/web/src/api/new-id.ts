/** An unguessable id. `crypto.randomUUID` is missing on plain HTTP, where a school's LAN lives. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
