import { Option, type Command } from 'commander';
import { fallbackShown } from '../config/config-document.ts';
import { CONFIG_KEYS, CONFIG_TABLE, flagOf, type ConfigKey } from '../config/config-table.ts';

/** Gives a command every setting as a flag. */
export function addConfigOptions(command: Command): Command {
  for (const key of CONFIG_KEYS) {
    const { env, help, type } = CONFIG_TABLE[key];
    const fallback = fallbackShown(key);
    command.addOption(new Option(`${flagOf(key)} <${type.name}>`, `${help} (${env}${fallback === undefined ? '' : `, default ${fallback}`})`));
  }
  return command;
}

/** Every setting by its variable, for the help of the program itself. */
export function configHelp(): string {
  const width = Math.max(...CONFIG_KEYS.map((key) => CONFIG_TABLE[key].env.length));
  const lines = CONFIG_KEYS.map((key) => `  ${CONFIG_TABLE[key].env.padEnd(width)}  ${CONFIG_TABLE[key].help} (${fallbackShown(key) ?? 'not set'})`);
  return ['', 'Settings (each is a flag of "serve" as well):', ...lines].join('\n');
}

/** The settings among a command's options, as text for `readConfig`. */
export function configFlags(options: Readonly<Record<string, unknown>>): Partial<Record<ConfigKey, string>> {
  const flags: Partial<Record<ConfigKey, string>> = {};
  for (const key of CONFIG_KEYS) {
    const value = options[new Option(`${flagOf(key)} <value>`).attributeName()];
    if (typeof value === 'string') flags[key] = value;
  }
  return flags;
}
