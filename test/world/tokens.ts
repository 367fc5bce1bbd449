/** What a token says. Nobody forges any here. */
export interface Shown {
  readonly userId: string;
  readonly sessionId: string;
  readonly expiresAt: number;
}

export function writeToken({ userId, sessionId, expiresAt }: Shown): string {
  return `x.${btoa(JSON.stringify({ sub: userId, sid: sessionId, exp: expiresAt })).replaceAll('=', '')}.x`;
}

export function readToken(token: string): Shown | undefined {
  const body = token.split('.')[1];
  if (body === undefined) return undefined;
  const { sub, sid, exp } = JSON.parse(atob(body)) as { sub: string; sid: string; exp: number };
  return { userId: sub, sessionId: sid, expiresAt: exp };
}
