// One after the other, for commands that are started together on one tree. Plain JavaScript, for whatever Node is there.
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LOOK_AGAIN_MS = 500;
const LONGEST_TURN_MS = 15 * 60_000;

/** Does the work while no other process does work of this name for this tree. */
export function inTurn(root, name, work) {
  const turn = join(tmpdir(), `clms-${name}-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`);
  take(turn);
  try {
    work();
  } finally {
    rmSync(turn, { force: true });
  }
}

function take(turn) {
  for (;;) {
    try {
      return writeFileSync(turn, String(process.pid), { flag: 'wx' });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!isHeld(turn)) rmSync(turn, { force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_AGAIN_MS);
    }
  }
}

/** False when the holder has died, or has had the turn for so long that its number must be another process's by now. */
function isHeld(turn) {
  try {
    if (Date.now() - statSync(turn).mtimeMs > LONGEST_TURN_MS) return false;
    const pid = Number(readFileSync(turn, 'utf8'));
    // Still empty for the instant between making the file and writing into it.
    return pid === 0 || process.kill(pid, 0);
  } catch (error) {
    if (error.code === 'EPERM') return true; // somebody else's process
    if (error.code === 'ESRCH' || error.code === 'ENOENT') return false; // dead, or given back a moment ago
    throw error;
  }
}
