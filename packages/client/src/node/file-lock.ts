import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** Another program, or another part of this one, has the file open. */
export class JournalInUseError extends Error {
  override name = 'JournalInUseError';
}

/** Files locked by this very process, whose id alone would not tell. */
const mine = new Set<string>();

/**
 * Claims `file` for this process until the returned function is called. A claim whose process is gone, also by a restart of the machine
 * that gave its number to another, counts no more. `now` is milliseconds since the epoch. Throws `JournalInUseError`.
 */
export function claimFile(file: string, now: number): () => void {
  const lock = `${file}.lock`;
  if (mine.has(lock)) throw new JournalInUseError(`${file} is open in this program already`);
  if (!create(lock)) {
    const holder = holderOf(lock, now);
    if (holder !== undefined) throw new JournalInUseError(`${file} is open in the program with process id ${holder} (${lock})`);
    rmSync(lock, { force: true });
    if (!create(lock)) throw new JournalInUseError(`${file} was just opened by another program`);
  }
  mine.add(lock);
  return () => {
    if (mine.delete(lock)) rmSync(lock, { force: true });
  };
}

function create(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The living process of a claim, or undefined. */
function holderOf(lock: string, now: number): number | undefined {
  const stat = statSync(lock, { throwIfNoEntry: false });
  if (!stat || stat.mtimeMs < now - uptime() * 1_000) return undefined;
  const pid = Number(readFileSync(lock, 'utf8'));
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return undefined;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // EPERM = it lives, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? pid : undefined;
  }
}
