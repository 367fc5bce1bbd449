/** An address as it may be shown: what stands before the last "@", and passwords among its parameters, are masked. */
export function withoutCredentials(address: string): string {
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/i, '$1***@').replace(/((?:password|passwd|pwd|secret|token)=)[^&;\s]*/gi, '$1***');
}
