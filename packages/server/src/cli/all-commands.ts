import type { Command } from 'commander';
import { addBackupCommands } from './backup-commands.ts';
import type { CommandContext } from './command-context.ts';
import { addDemoCommand } from './demo-command.ts';
import { addDeviceCommands } from './device-commands.ts';
import { addDoctorCommand } from './doctor-command.ts';
import { addDocumentCommands } from './document-commands.ts';
import { addImportCommand } from './import-command.ts';
import { addKeyCommands } from './key-commands.ts';
import { emptyProgram } from './program.ts';
import { addPublishCommand } from './publish-command.ts';
import { addStatusCommand } from './status-command.ts';
import { addUserCommands } from './user-commands.ts';
import { addWatchCommand } from './watch-command.ts';

/** Every command but `serve`, which `command-line.ts` adds: it starts without the others. */
export function createProgram(context: CommandContext): Command {
  const program = emptyProgram(context);
  addBackupCommands(program, context);
  addDeviceCommands(program, context);
  addDoctorCommand(program, context);
  addDocumentCommands(program, context);
  addImportCommand(program, context);
  addKeyCommands(program, context);
  addPublishCommand(program, context);
  addStatusCommand(program, context);
  addUserCommands(program, context);
  addWatchCommand(program, context);
  addDemoCommand(program, context);
  return program;
}
