import { createImportDesk, type ImportDesk } from '../../src/imports/import-desk.ts';
import type { ImportInput } from '../../src/imports/carry-out.ts';
import type { ImportResult, ImportRow } from '../../src/imports/import-result.ts';
import { ANA, openDesk, type Desk } from '../desk.ts';

export interface ImportTrial {
  readonly desk: Desk;
  readonly imports: ImportDesk;
  preview(kind: ImportInput['kind'], content: string | Buffer, more?: Partial<ImportInput>): Promise<ImportResult>;
  apply(kind: ImportInput['kind'], content: string | Buffer, more?: Partial<ImportInput>): Promise<ImportResult>;
  close(): Promise<void>;
}

/** A library in memory with an import desk that never waits. */
export async function openTrial(options: { largeBytes?: number } = {}): Promise<ImportTrial> {
  const desk = await openDesk();
  const imports = createImportDesk({ runner: desk.runner, breathe: async () => undefined, ...options });
  const submit = (dryRun: boolean) => (kind: ImportInput['kind'], content: string | Buffer, more: Partial<ImportInput> = {}) =>
    imports.submit(ANA, { kind, bytes: Buffer.from(content), dryRun, ...more });
  return { desk, imports, preview: submit(true), apply: submit(false), close: () => desk.close() };
}

/** The row of this line. */
export function rowOn(result: ImportResult, line: number): ImportRow {
  const row = result.rows.find((candidate) => candidate.line === line);
  if (!row) throw new Error(`no row for line ${line}`);
  return row;
}

export const SHEET = 'User ID,Surname,First Name,Grade Level,Section,Designation,Sex';
