import { Command } from 'commander';

/** `allswell config`: looks at a configuration without running a pod. */
export function configCommand(): Command {
  return new Command('config')
    .description('Look at a configuration without running anything')
    .addCommand(validateCommand())
    .addCommand(schemaCommand());
}

function validateCommand(): Command {
  return new Command('validate')
    .description('Check a configuration file, and this environment with it; tells all problems at once')
    .argument('<file>', 'proxy_config.yaml to check')
    .option('--json', 'one JSON document: ok, problems, notes, counts (default: lines as compilers print them)')
    .allowExcessArguments(false)
    .action(async (file: string, { json }: { json?: true }) => {
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
