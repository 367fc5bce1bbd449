import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { asyncApiDocument } from '../http/asyncapi.ts';
import { openApiDocument } from '../http/openapi.ts';
import { configOf, print, type CommandContext } from './command-context.ts';

export function addDocumentCommands(program: Command, context: CommandContext): void {
  const write = (document: object, out: string | undefined): void => {
    const text = JSON.stringify(document, null, 2);
    if (out === undefined) print(context, text);
    else writeFileSync(out, `${text}\n`);
  };
  program.command('openapi').description('the HTTP API as OpenAPI 3.1').option('--out <file>', 'write a file instead of printing')
    .action(async ({ out }: { out?: string }) => write(await openApiDocument(await context.allRoutes(), context.version), out));
  program.command('asyncapi').description('the WebSocket side as AsyncAPI 3').option('--out <file>', 'write a file instead of printing')
    .action(({ out }: { out?: string }) => write(asyncApiDocument(context.version, configOf(context, {}).wsPath), out));
}
