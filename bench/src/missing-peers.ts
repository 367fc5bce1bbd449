import { spawnSync } from 'node:child_process';

/** Peers that this machine does not have; the report names them instead of guessing. */
export const MISSING_PEERS: readonly string[] = [
  ['bun', 'Bun `publish` (no `bun` on the path)'],
  ['nginx', 'nginx with nchan (no `nginx` on the path)'],
].filter(([command]) => spawnSync(command!, ['--version']).error).map(([, name]) => name!);
