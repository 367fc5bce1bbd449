import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/config.ts';
import { StartError } from '../start-step.ts';
import { CommandFailure, UsageError, type CommandContext } from './command-context.ts';

const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** The program without commands. */
export function emptyProgram(context: CommandContext): Command {
  const program = new Command('clms').description('The live desk of a school library').version(context.version).showHelpAfterError('Try --help.').exitOverride();
  return program.configureOutput({ writeOut: (text) => void context.stdout.write(text), writeErr: (text) => void context.stderr.write(text) });
}

/** Runs a command line and answers its exit code. What the caller can put right is one line; anything else keeps its stack. */
export async function runProgram(program: Command, args: readonly string[], context: CommandContext): Promise<number> {
  for (const command of [program, ...allCommands(program)]) command.exitOverride().configureOutput(program.configureOutput());
  try {
    requireKnownCommand(program, args[0]);
    await program.parseAsync(args, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (error instanceof UsageError || error instanceof ConfigError) {
      context.stderr.write(`${error.message}\n`);
      return EXIT.usage;
    }
    context.stderr.write(`${error instanceof CommandFailure || error instanceof StartError ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
    return EXIT.failed;
  }
}

/** Commander would hand an unknown word to the default command, and complain about that one. */
function requireKnownCommand(program: Command, word: string | undefined): void {
  const known = [...program.commands.map((command) => command.name()), 'help'];
  if (word !== undefined && !word.startsWith('-') && !known.includes(word)) throw new UsageError(`There is no command "${word}". "clms --help" shows all.`);
}

function allCommands(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...allCommands(child)]);
}
