import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';

const Announcement = Type.Object({ pid: Type.Integer(), httpUrl: Type.String(), wsUrl: Type.String() });
/** Where a server of this data folder listens; ports may have been chosen by the machine. */
export type Announcement = Static<typeof Announcement>;

const fileOf = (dataDir: string): string => join(dataDir, 'server.json');
const ANSWER_WITHIN_MS = 2000;

/** Tells commands on this machine where the server is. */
export function announceServer(dataDir: string, announcement: Announcement): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(fileOf(dataDir), JSON.stringify(announcement), { mode: 0o600 });
}

export function withdrawServer(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true });
}

/** The server of this data folder, if it answers: a file left by one that crashed counts for nothing. */
export async function findServer(dataDir: string): Promise<Announcement | undefined> {
  const announced = read(dataDir);
  return announced && (await isAlive(announced.httpUrl)) ? announced : undefined;
}

async function isAlive(httpUrl: string): Promise<boolean> {
  try {
    return (await fetch(`${httpUrl}/health/live`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })).ok;
  } catch {
    return false; // whatever the reason, it does not answer: that was the question
  }
}

function read(dataDir: string): Announcement | undefined {
  try {
    const found: unknown = JSON.parse(readFileSync(fileOf(dataDir), 'utf8'));
    return Compile(Announcement).Check(found) ? found : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
