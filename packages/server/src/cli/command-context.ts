import type { Config } from '../config/config.ts';
import { readConfig } from '../config/config.ts';
import type { HttpRoute } from '../http/raw-route.ts';

/** What commands have of the process they run in; tests hand in their own. */
export interface CommandContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly version: string;
  /** Every route of the server, for describing it; nothing is opened. */
  allRoutes(): Promise<readonly HttpRoute[]>;
  /** Fires when the user interrupts (Ctrl-C): long commands end well. */
  readonly interrupted: AbortSignal;
}

/** Something that the person who typed the command can put right: one line, exit code 1. */
export class CommandFailure extends Error {}

/** The command was typed wrong: one line, exit code 2. */
export class UsageError extends Error {}

export function print(context: CommandContext, line: string): void {
  context.stdout.write(`${line}\n`);
}

/** Configuration for a command beside the server: from the environment, and the data folder from a flag. */
export function configOf(context: CommandContext, options: { dataDir?: string | undefined }): Config {
  return readConfig({ env: context.env, flags: options.dataDir === undefined ? {} : { dataDir: options.dataDir }, isTerminal: context.stdout.isTTY === true });
}

/** Rows under headings, in columns as wide as they need. */
export function table(headings: readonly string[], rows: readonly (readonly (string | number | null | undefined)[])[]): string {
  const cells = [headings, ...rows].map((row) => row.map((cell) => (cell === null || cell === undefined || cell === '' ? '–' : String(cell))));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column]!))).join('  ')).join('\n');
}
