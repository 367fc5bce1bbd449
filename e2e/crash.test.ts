import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Api, type Answer } from './api.ts';
import { dataFolder, startServer, type ServerProcess } from './server-process.ts';

const PEOPLE = 200;

let folder: ReturnType<typeof dataFolder>;
let server: ServerProcess;
beforeEach(() => void (folder = dataFolder()));
afterEach(async () => {
  await server.stop('SIGKILL');
  folder.remove();
});

describe('a server killed in the middle', () => {
  it('[ATT1] [SUB6] has every acknowledged check-in exactly once, and takes the repeats of the others', async () => {
    server = await startServer(folder.path);
    let api = await Api.login(server.url);
    const people = await Promise.all(Array.from({ length: PEOPLE }, (_, n) => api.created('/api/students', { schoolId: `K${1000 + n}`, surname: 'Reyes', givenName: `N${n}`, gradeLevel: '7' })));
    const body = (person: { id: string }) => ({ studentId: person.id, location: 'Main Library', override: true, reason: 'drill' });

    // The server dies after about half of the answers; what was not answered is unknown to the caller.
    const acknowledged = new Map<string, string>();
    let killed: Promise<unknown> | undefined;
    await Promise.all(
      people.map(async (person) => {
        const answer = await api.post('/api/visits', body(person), `visit-${person.id}`).catch((): Answer | undefined => undefined);
        if (answer === undefined) return;
        expect(answer.status).toBeLessThan(300);
        acknowledged.set(person.id, answer.body.id);
        if (acknowledged.size === PEOPLE / 2) killed = server.stop('SIGKILL');
      }),
    );
    await killed;
    expect(acknowledged.size).toBeGreaterThanOrEqual(PEOPLE / 2);

    server = await startServer(folder.path);
    api = await Api.login(server.url);
    const open = async () => (await api.get('/api/visits?open=true&limit=500')).body.items as { id: string; studentId: string }[];
    const after = new Map((await open()).map((visit) => [visit.studentId, visit.id]));
    for (const [person, visit] of acknowledged) expect(after.get(person)).toBe(visit);

    // Everybody tries again with the same key: each ends with one visit, the acknowledged ones with the one they were told.
    const retried = await Promise.all(people.map((person) => api.post('/api/visits', body(person), `visit-${person.id}`)));
    expect(retried.map((answer) => answer.status >= 200 && answer.status < 300)).not.toContain(false);
    const visits = await open();
    expect(visits).toHaveLength(PEOPLE);
    expect(new Set(visits.map((visit) => visit.studentId)).size).toBe(PEOPLE);
    people.forEach((person, index) => acknowledged.has(person.id) && expect(retried[index]!.body.id).toBe(acknowledged.get(person.id)));
    expect((await api.get('/api/dashboard')).body.metrics.occupancy).toBe(PEOPLE);
  });
});
