import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { UsageError, type CommandContext } from './command-context.ts';

/** A password typed without showing it on a terminal, or the first line of what is piped in. */
export async function readPassword(context: CommandContext, question: string): Promise<string> {
  const terminal = context.stdin.isTTY === true;
  if (terminal) context.stderr.write(question);
  // Typed characters are echoed by readline to its output: a terminal gets none of them.
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: context.stdin, output, terminal });
  try {
    for await (const line of lines) return line;
    throw new UsageError('No password was given. Type one, pipe one in, or use --password.');
  } finally {
    lines.close();
    if (terminal) context.stderr.write('\n');
  }
}
