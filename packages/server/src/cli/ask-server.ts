import { CommandFailure } from './command-context.ts';

/**
 * Sends a request to the running server. A read is sent once more when it did not come through: a server that was busy for some seconds takes the
 * kept connection for idle and closes it just when it is used again. A server that does not answer is a `CommandFailure` in words.
 */
export async function askServer(url: string, init: RequestInit = {}): Promise<Response> {
  const reads = (init.method ?? 'GET') === 'GET';
  for (let tries = reads ? 2 : 1; ; tries--) {
    try {
      return await fetch(url, init);
    } catch (error) {
      // What fetch throws for everything that happens on the way.
      if (!(error instanceof TypeError)) throw error;
      if (tries > 1) continue;
      const { code, message } = (error.cause ?? error) as NodeJS.ErrnoException;
      throw new CommandFailure(`The server at ${new URL(url).origin} does not answer (${code ?? message}). "clms status" tells whether it runs.`);
    }
  }
}
