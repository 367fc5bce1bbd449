import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandContext } from '../src/cli/command-context.ts';
import { createProgram } from '../src/cli/all-commands.ts';
import { runProgram } from '../src/cli/program.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'clms-data-'))));
afterEach(() => rmSync(folder, { recursive: true }));

async function clms(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const context: CommandContext = { env: { CLMS_DATA_DIR: folder }, stdin: Readable.from(['']), stdout, stderr, version: '1.2.3', interrupted: new AbortController().signal, allRoutes: async () => [] };
  const code = await runProgram(createProgram(context), args, context);
  return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
}

function roster(...rows: string[]): string {
  const file = join(folder, 'roster.csv');
  writeFileSync(file, ['User ID,Surname,First Name,Grade Level,Section,Designation,Sex', ...rows, ''].join('\n'));
  return file;
}

describe('clms import', () => {
  it('[IMP3] previews, applies, and lists what to look at', async () => {
    const file = roster('1,Reyes,Aya,GRADE 1,X,Student,F', '2,Cruz,Ben,GRADE 99,X,Student,M', ',Diaz,Cara,GRADE 2,X,Student,F');
    const preview = await clms('import', file, '--kind', 'students', '--dry-run');
    expect(preview).toMatchObject({ code: 0, out: expect.stringContaining('PREVIEWED: SCHOOL_SHEET, UTF-8, comma, LF\ncreate 1, update 0, unchanged 0, review 1, reject 1, deactivate 0\n  line 4 reject: no id') });
    const applied = await clms('import', file, '--kind', 'students');
    expect(applied.out).toContain('APPLIED');
    expect((await clms('import', file, '--kind', 'students')).out).toContain('unchanged 2');
  });

  it('[IMP3] fails with 1 and the reason, and with 2 when typed wrong', async () => {
    const file = roster(',Diaz,Cara,GRADE 2,X,Student,F');
    expect(await clms('import', file, '--kind', 'students', '--strict')).toMatchObject({ code: 1, err: expect.stringContaining('1 rows cannot be written') });
    expect(await clms('import', join(folder, 'none.csv'), '--kind', 'students')).toMatchObject({ code: 1, err: expect.stringContaining('There is no file') });
    expect((await clms('import', file)).code).toBe(2);
    expect((await clms('import', file, '--kind', 'pupils')).code).toBe(2);
    expect((await clms('import', file, '--kind', 'students', '--map', 'surname')).code).toBe(2);
  });

  it('[IMP1] maps columns by hand', async () => {
    const file = join(folder, 'own.csv');
    writeFileSync(file, 'Nr,Apelyido,Pangalan\n7,Reyes,Aya\n');
    expect((await clms('import', file, '--kind', 'students', '--map', 'schoolId=Nr', 'surname=#2', 'givenName=Pangalan')).out).toContain('review 1');
  });
});

it('clms backup and restore bring a day back', async () => {
  await clms('import', roster('1,Reyes,Aya,GRADE 1,X,Student,F'), '--kind', 'students');
  const backup = await clms('backup');
  expect(backup).toMatchObject({ code: 0, out: expect.stringContaining('people 1') });
  const [copy] = readdirSync(join(folder, 'backups'));
  await clms('import', roster('2,Cruz,Ben,GRADE 2,X,Student,M'), '--kind', 'students');
  const restored = await clms('restore', join(folder, 'backups', copy!));
  expect(restored).toMatchObject({ code: 0, out: expect.stringMatching(/Restored[\s\S]*kept as[\s\S]*people 1/) });
  expect(await clms('restore', join(folder, 'roster.csv'))).toMatchObject({ code: 1, err: expect.stringContaining('not a database') });
});
