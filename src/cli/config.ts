import { Command } from 'commander';
import { exitHelp } from './exit-status.ts';

/** `allswell config`: inspects a configuration without running a pod. */
export function configCommand(): Command {
  return new Command('config')
    .description('Check a configuration without running a pod')
    .addCommand(validateCommand())
    .addCommand(schemaCommand());
}

interface ValidateFlags {
  readonly config?: string;
  readonly json?: true;
}

function validateCommand(): Command {
  return new Command('validate')
    .description(
      'Check a configuration file with the current environment: lists all problems, and what changes for a file of LiteLLM',
    )
    .argument('[file]', 'proxy_config.yaml to check')
    .option('-c, --config <file>', 'the same, as for other commands (default: the argument)')
    .option(
      '--json',
      'print one JSON document: ok, problems, notes, counts, migration (default: one line per problem, with file, line and column)',
    )
    .allowExcessArguments(false)
    .addHelpText(
      'after',
      exitHelp({
        ok: 'the configuration is valid; warnings do not change it',
        usage: 'the command line or the configuration is invalid',
      }),
    )
    .action(async (argument: string | undefined, { config, json }: ValidateFlags, command: Command) => {
      if (argument !== undefined && config !== undefined) {
        command.error('error: give the file once, with or without --config');
      }
      const file = argument ?? config ?? command.error("error: missing required argument 'file'");
      // Loaded only now: help and version need nothing of it.
      const { validateConfig } = await import('./validate-config.ts');
      validateConfig({ file, output: json === true ? 'json' : 'lines' }, process);
    });
}

function schemaCommand(): Command {
  return new Command('schema')
    .description('Print the JSON Schema of the configuration file, for editors')
    .allowExcessArguments(false)
    .action(async () => {
      const { schemaDocument } = await import('../config/index.ts');
      process.stdout.write(`${JSON.stringify(await schemaDocument(), null, 1)}\n`);
    });
}
