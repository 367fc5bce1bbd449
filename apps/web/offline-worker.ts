import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const SOURCE = join(import.meta.dirname, 'service-worker.js');
const PUBLIC = join(import.meta.dirname, 'public');

/** Writes the service worker with the list of all files of this build. Another build has another version, which makes browsers take the new worker. */
export function offlineWorker(): Plugin {
  return {
    name: 'offline-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const worker = readFileSync(SOURCE, 'utf8');
      const unhashed = readdirSync(PUBLIC).toSorted();
      const hash = createHash('sha256').update(worker);
      for (const name of Object.keys(bundle).toSorted()) hash.update(name);
      for (const name of unhashed) hash.update(readFileSync(join(PUBLIC, name)));
      const files = ['/', ...unhashed.map((name) => `/${name}`), ...Object.keys(bundle).filter((name) => name.startsWith('assets/')).map((name) => `/${name}`).toSorted()];
      const head = `const VERSION = '${hash.digest('hex').slice(0, 16)}';\nconst FILES = ${JSON.stringify(files)};\n`;
      this.emitFile({ type: 'asset', fileName: 'service-worker.js', source: head + worker });
    },
  };
}
