import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLog } from '../src/log.ts';

async function logged(logFormat: 'json' | 'pretty', details: object): Promise<string> {
  const out = new PassThrough();
  (await createLog({ logLevel: 'info', logFormat }, out)).info(details, 'said');
  return String(out.read() ?? '');
}

describe.each(['json', 'pretty'] as const)('[UP6] the log as %s', (format) => {
  it.each([
    [{ token: 'hunter2' }],
    [{ body: { password: 'hunter2' } }],
    [{ req: { headers: { authorization: 'Bearer hunter2' } } }],
    [{ req: { headers: { cookie: 'clms_refresh=hunter2' } } }],
    [{ headers: { 'set-cookie': 'clms_refresh=hunter2' } }],
    [{ answer: { user: { deviceToken: 'hunter2' } } }],
  ])('takes the secret out of %j', async (details) => {
    const line = await logged(format, details);
    expect(line).toContain('said');
    expect(line).toContain('[secret]');
    expect(line).not.toContain('hunter2');
  });

  it('keeps what explains an error', async () => {
    const line = await logged(format, { err: Object.assign(new Error('in use'), { code: 'EADDRINUSE' }) });
    expect(line).toContain('EADDRINUSE');
  });
});
