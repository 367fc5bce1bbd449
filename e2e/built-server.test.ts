import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api } from './api.ts';
import { openAllDays } from './school.ts';
import { dataFolder, startServer, type ServerProcess } from './server-process.ts';

const root = resolve(import.meta.dirname, '..');
const BUILT = 'packages/server/dist/main.js';

// All other tests run the sources. What only a bundle can break is here: files beside the code, native code, and everything that is loaded late.
describe('the server that `npm start` runs', () => {
  const folder = dataFolder();
  let server: ServerProcess;
  let api: Api;

  beforeAll(async () => {
    const { status } = spawnSync(process.execPath, ['scripts/ensure-built.mjs'], { cwd: root, stdio: 'inherit' });
    expect(status).toBe(0);
    server = await startServer(folder.path, { CLMS_LOG_FORMAT: 'pretty' }, ['serve'], BUILT);
    api = await Api.login(server.url);
  });
  afterAll(async () => {
    await server?.stop();
    folder.remove();
  });

  it('is healthy and says its version', async () => {
    expect((await api.get('/health')).body).toMatchObject({ status: 'ok', version: expect.stringMatching(/^\d+\.\d+\.\d+$/), database: { ok: true } });
  });

  it('serves the web app', async () => {
    const page = await fetch(`${server.url}/`);
    expect(await page.text()).toContain('<div id="root">');
  });

  it('describes itself, with code that is loaded for that', async () => {
    expect((await api.get('/api/openapi.json')).body).toMatchObject({ openapi: '3.1.0' });
    expect((await api.get('/api/asyncapi.json')).body).toMatchObject({ asyncapi: '3.0.0' });
    expect(await (await fetch(`${server.url}/api/docs`)).text()).toContain('OpenAPI 3.1');
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('clms_http_request_duration_seconds');
  });

  it('reads files, with the readers that are loaded for that', async () => {
    const answer = await fetch(`${server.url}/api/imports?kind=students`, {
      method: 'POST', headers: { Authorization: `Bearer ${api.token}`, 'Content-Type': 'text/csv' }, body: 'School ID,Surname,Given name,Grade\nB1,Reyes,Lia,8\n',
    });
    expect(await answer.json()).toMatchObject({ status: 'APPLIED', counts: { create: 1 } });
  });

  it('tells a socket of a scan', async () => {
    await openAllDays(api);
    const heard = new Promise<unknown>((done, failed) => {
      const socket = new WebSocket(server.wsUrl, ['clms.v1', `bearer.${api.token}`]);
      socket.addEventListener('message', ({ data }) => {
        const message = JSON.parse(String(data)) as { type: string; data: unknown };
        if (message.type === 'welcome') socket.send(JSON.stringify({ type: 'subscribe', data: { topic: 'activities' } }));
        if (message.type === 'subscribed') void api.post('/api/scans', { barcode: 'B1', station: 'door' });
        if (message.type === 'activity_update') done(message.data);
      });
      socket.addEventListener('close', ({ code }) => failed(new Error(`closed with ${code}`)));
    });
    expect(await heard).toMatchObject({ activityType: 'CHECK_IN', studentName: 'Reyes, Lia' });
  });

  it('has the other commands beside it', () => {
    const listed = spawnSync(process.execPath, [BUILT, 'user', 'list', '--data-dir', folder.path], { cwd: root, encoding: 'utf8' });
    expect(listed.stdout + listed.stderr).toContain('ADMIN');
  });

  it('ends by itself when it is told to', async () => {
    expect(await server.stop('SIGTERM')).toBe(0);
  });
});
