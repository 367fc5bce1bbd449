import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { NCHAN_MODULE } from './servers/nchan.ts';

const found = (command: string): boolean => spawnSync(command, ['-v']).error === undefined;

/** Bun's npm package is not among the dependencies: it would be a runtime of 90 MB for one row of a table. */
export const HAS_BUN = found('bun');
export const HAS_NCHAN = found('nginx') && existsSync(NCHAN_MODULE);

/** Peers that this machine does not have; the report names them instead of guessing. */
export const MISSING_PEERS: readonly string[] = [
  ...(HAS_BUN ? [] : ['Bun `publish` (no `bun` on the path)']),
  ...(HAS_NCHAN ? [] : ['nginx with nchan (not installed)']),
];
