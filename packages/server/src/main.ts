import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// The command line: `npm start`, `npm run demo` and `npm run clms -- <command>` end up here.

// What Node makes of the sources (types taken out, code compiled) is kept from one start to the next: a third of the time that a start takes. In
// the tree and not in the machine's folder for temporary files, where another user could lay code for us to run.
enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/clms', import.meta.url)));
await import('./command-line.ts');
