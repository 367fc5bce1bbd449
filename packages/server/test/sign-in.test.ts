import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bearer, cookieOf, openSchoolServer, type SchoolServer } from './school-server.ts';

let school: SchoolServer;
beforeEach(async () => void (school = await openSchoolServer()));
afterEach(() => school.close());

const refresh = (cookie: string) => school.inject({ method: 'POST', url: '/api/auth/refresh', headers: { cookie } });
const me = (token: string) => school.inject({ url: '/api/auth/me', headers: bearer(token) });

describe('signing in', () => {
  it('answers a token that says who I am, and a cookie that scripts cannot read', async () => {
    await school.signIn('ana', 'LIBRARIAN');
    const answer = await school.login('ANA');
    expect(answer.statusCode).toBe(200);
    const { accessToken, expiresAt, user } = answer.json();
    expect(user).toMatchObject({ username: 'ana', role: 'LIBRARIAN' });
    expect(Date.parse(expiresAt) - school.clock.now()).toBe(15 * 60_000);
    expect(answer.cookies[0]).toMatchObject({ name: 'clms_refresh', httpOnly: true, sameSite: 'Strict', path: '/api' });
    expect((await me(accessToken)).json()).toMatchObject({ id: user.id, username: 'ana', role: 'LIBRARIAN', kind: 'user' });
  });

  it('says the same of a wrong password and of an unknown user', async () => {
    await school.signIn('ana');
    const wrong = await school.login('ana', 'not the password');
    const unknown = await school.login('nobody', 'not the password');
    expect([wrong.statusCode, unknown.statusCode]).toEqual([401, 401]);
    expect(wrong.body).toBe(unknown.body);
  });

  it('closes after five wrong tries in 15 min for that user and address, the right password included', async () => {
    await school.signIn('ana');
    for (let n = 0; n < 5; n++) expect((await school.login('ana', 'wrong wrong')).statusCode).toBe(401);
    const closed = await school.login('ana');
    expect([closed.statusCode, closed.json().code]).toEqual([429, 'TOO_MANY_TRIES']);
    expect(Number(closed.headers['retry-after'])).toBe(15 * 60);
    expect((await school.login('ana', undefined, '10.0.0.9')).statusCode).toBe(200);
    school.clock.advance(15 * 60_000);
    expect((await school.login('ana')).statusCode).toBe(200);
  });

  it('lets no more than five guesses through when thirty come at once', async () => {
    await school.signIn('ana');
    const answers = await Promise.all(Array.from({ length: 30 }, () => school.login('ana', 'wrong wrong')));
    expect(answers.filter(({ statusCode }) => statusCode === 401)).toHaveLength(5);
    expect(answers.filter(({ statusCode }) => statusCode === 429)).toHaveLength(25);
  });
});

describe('a session', () => {
  it('goes on by its cookie, and each cookie is good once', async () => {
    await school.signIn('ana');
    const first = cookieOf(await school.login('ana'));
    const answer = await refresh(first);
    expect(answer.statusCode).toBe(200);
    expect(cookieOf(answer)).not.toBe(first);
    expect((await me(answer.json().accessToken)).statusCode).toBe(200);
  });

  it('ends whole when a used cookie comes back: for thief and owner, tokens and sockets', async () => {
    await school.signIn('ana');
    const first = cookieOf(await school.login('ana'));
    const second = await refresh(first);
    expect((await refresh(first)).statusCode).toBe(401);
    expect((await refresh(cookieOf(second))).statusCode).toBe(401);
    expect((await me(second.json().accessToken)).statusCode).toBe(401);
    expect(school.revoked).toEqual([{ sessionId: expect.stringMatching(/^session_/) }]);
  });

  it('[AUTH4] ends with the logout', async () => {
    const token = await school.signIn('ana');
    const logout = await school.inject({ method: 'POST', url: '/api/auth/logout', headers: bearer(token) });
    expect(logout.statusCode).toBe(200);
    expect((await me(token)).statusCode).toBe(401);
    expect(school.revoked).toHaveLength(1);
  });

  it('gives tabs that ask with one token at the same instant one successor, and knows a copy all the same', async () => {
    await school.signIn('ana');
    const cookie = cookieOf(await school.login('ana'));
    const answers = await Promise.all([refresh(cookie), refresh(cookie), refresh(cookie)]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(cookieOf)).size).toBe(1);
    const next = await refresh(cookieOf(answers[0]!));
    expect(next.statusCode).toBe(200);
    expect((await refresh(cookie)).statusCode).toBe(401);
    expect((await refresh(cookieOf(next))).statusCode).toBe(401);
  });

  it('lasts 30 days after its last refresh', async () => {
    await school.signIn('ana');
    const cookie = cookieOf(await school.login('ana'));
    school.clock.advance(30 * 24 * 3600_000);
    expect((await refresh(cookie)).statusCode).toBe(401);
    await school.login('ana');
    expect(await school.desk.runner.db.selectFrom('sessions').select('id').execute()).toHaveLength(1);
  });

  it('does not outlive its token’s expiry', async () => {
    const token = await school.signIn('ana');
    school.clock.advance(15 * 60_000);
    expect((await me(token)).statusCode).toBe(401);
  });
});
