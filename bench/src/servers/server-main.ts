import { startBare } from './bare.ts';
import type { BenchServer, ServerKind, StartOptions } from './bench-server.ts';
import { startClms } from './clms.ts';
import { startNchan } from './nchan.ts';
import { serveLoad } from './serve-load.ts';
import { startSocketIo } from './socket-io.ts';
import { startWsLoop } from './ws-loop.ts';

function startKind(kind: ServerKind, options: StartOptions): Promise<BenchServer> {
  switch (kind) {
    case 'bare':
    case 'bare-batched':
      return startBare(kind === 'bare-batched');
    case 'ws':
    case 'ws-deflate':
      return startWsLoop(kind === 'ws-deflate');
    case 'socket.io':
      return startSocketIo(options);
    case 'clms':
    case 'clms-deflate':
      return startClms(kind === 'clms-deflate', options);
    case 'nchan':
      return startNchan();
    case 'bun':
      throw new Error('runs under Bun, in bun-main.ts');
  }
}

serveLoad(startKind);
