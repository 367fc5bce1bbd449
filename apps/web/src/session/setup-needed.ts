/** Whether the server still waits for its first administrator. A server that cannot be asked gets the login page, which says so. */
export async function setupNeeded(): Promise<boolean> {
  try {
    const response = await fetch('/api/setup', { headers: { Accept: 'application/json' } });
    return response.ok && ((await response.json()) as { needed: boolean }).needed;
  } catch {
    return false;
  }
}
