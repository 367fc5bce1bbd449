import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJwtVerifier } from './jwt.ts';
import { ManualClock } from './manual-clock.ts';

const NOW = 1_760_000_000;
const clock = new ManualClock(NOW * 1000);
const secret = new TextEncoder().encode('a secret of more than thirty-two bytes');
const claims = { sub: 'user_1', username: 'ana', role: 'LIBRARIAN', sid: 'session_1' };
const sign = (more: Record<string, unknown> = {}, key: Uint8Array = secret) => new SignJWT({ ...claims, exp: NOW + 60, ...more }).setProtectedHeader({ alg: 'HS256' }).sign(key);

describe('[AUTH5] an HS256 token', () => {
  const verify = createJwtVerifier({ secret, clock });

  it('speaks for its subject until it expires', async () => {
    expect(await verify(await sign())).toMatchObject({ kind: 'ok', identity: { userId: 'user_1', username: 'ana', role: 'LIBRARIAN', sessionId: 'session_1', expiresAt: (NOW + 60) * 1000 } });
  });

  it.each([
    [{ exp: NOW }, 'the token has expired'],
    [{ exp: NOW - 1 }, 'the token has expired'],
    [{ exp: undefined }, 'the token’s claim'.replace('’', "'") + ' "exp" is missing'],
    [{ nbf: NOW + 31 }, 'the token\'s claim "nbf" is not accepted'],
    [{ iat: NOW + 31 }, 'the token was issued in the future'],
    [{ sub: undefined }, 'the token\'s claim "sub" is missing'],
    [{ role: undefined }, 'the token lacks "role"'],
  ])('with %j is refused: %s', async (more, reason) => expect(await verify(await sign(more))).toEqual({ kind: 'refused', reason }));

  it.each([[{ nbf: NOW + 30 }], [{ iat: NOW + 30 }], [{ exp: NOW + 1 }]])('with %j is accepted', async (more) => expect(await verify(await sign(more))).toMatchObject({ kind: 'ok' }));

  it('needs the right secret and a signature', async () => {
    expect(await verify(await sign({}, new TextEncoder().encode('another secret of thirty-two bytes')))).toMatchObject({ kind: 'refused' });
    expect(await verify(new UnsecuredJWT({ ...claims, exp: NOW + 60 }).encode())).toEqual({ kind: 'refused', reason: 'tokens signed with "none" are not accepted' });
    for (const rubbish of ['', 'a.b.c', '{}', 'x'.repeat(5000)]) expect(await verify(rubbish)).toMatchObject({ kind: 'refused' });
  });

  it('that was accepted before is judged by its times again, and one that differs in a letter is another', async () => {
    const own = new ManualClock(NOW * 1000);
    const check = createJwtVerifier({ secret, clock: own });
    const token = await sign();
    for (let use = 0; use < 2; use++) expect(await check(token)).toMatchObject({ kind: 'ok', identity: { userId: 'user_1' } });
    const [head, body, signature] = token.split('.') as [string, string, string];
    const forged = btoa(JSON.stringify({ ...claims, role: 'ADMIN', exp: NOW + 60 })).replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_');
    expect(await check(`${head}.${forged}.${signature}`)).toEqual({ kind: 'refused', reason: 'the token is not valid' });
    expect(await check(`${head}.${body}.${signature.slice(1)}`)).toMatchObject({ kind: 'refused' });
    own.advance(60_000);
    expect(await check(token)).toEqual({ kind: 'refused', reason: 'the token has expired' });
  });

  it('is refused when it names a key: the secret has no name', async () => {
    const named = await new SignJWT({ ...claims, exp: NOW + 60 }).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(secret);
    expect(await verify(named)).toEqual({ kind: 'refused', reason: 'the token names a key that is not known' });
  });

  it('must be for us when we say who we are', async () => {
    const strict = createJwtVerifier({ secret, clock, issuer: 'school', audience: 'clms' });
    expect(await strict(await sign({ iss: 'school', aud: 'clms' }))).toMatchObject({ kind: 'ok' });
    expect(await strict(await sign({ iss: 'other', aud: 'clms' }))).toMatchObject({ kind: 'refused' });
    expect(await strict(await sign({ iss: 'school', aud: 'other' }))).toMatchObject({ kind: 'refused' });
    expect(await strict(await sign())).toMatchObject({ kind: 'refused' });
  });

  it('cannot have a secret that can be guessed', () => {
    expect(() => createJwtVerifier({ secret: new Uint8Array(31), clock })).toThrow('at least 32 bytes');
    expect(() => createJwtVerifier({ clock })).toThrow();
  });
});

describe.each(['RS256', 'ES256', 'EdDSA'])('[AUTH5] a token signed with %s', (alg) => {
  let server: Server;
  let verify: ReturnType<typeof createJwtVerifier>;
  let privateKey: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
  let publicPem: Uint8Array;
  beforeAll(async () => {
    const pair = await generateKeyPair(alg, { extractable: true });
    privateKey = pair.privateKey;
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg };
    publicPem = new TextEncoder().encode(JSON.stringify(jwk));
    server = createServer((_request, response) => response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }))).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    verify = createJwtVerifier({ jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`, clock });
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  const token = (kid: string) => new SignJWT({ ...claims, exp: NOW + 60 }).setProtectedHeader({ alg, kid }).sign(privateKey);

  it('is accepted by its published key', async () => expect(await verify(await token('k1'))).toMatchObject({ kind: 'ok' }));
  it('with an unknown kid is refused', async () => expect(await verify(await token('k2'))).toMatchObject({ kind: 'refused' }));
  it('does not let its public key pass for a secret', async () => expect(await verify(await sign({}, publicPem))).toMatchObject({ kind: 'refused' }));
});
