import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { readAddress, urlOption, withKeyOptions } from './ask/index.ts';
import type { AddressFlags } from './ask/index.ts';
import { exitHelp, exitStatus } from './exit-status.ts';

interface DiagnoseFlags extends AddressFlags {
  readonly config?: string;
  readonly log?: string;
  readonly output?: string;
}

/** `allswell diagnose`: one document that describes a pod, for a report of a problem. */
export function diagnoseCommand(): Command {
  const command = new Command('diagnose')
    .description('Write a redacted support bundle: no keys, no addresses, no messages of upstreams')
    .allowExcessArguments(false)
    .addOption(urlOption())
    .option(
      '-c, --config <file>',
      'add this configuration: structure, numbers, model names and problems (default: none)',
    )
    .option('--log <file>', 'add the last 200 lines of this log (default: none)')
    .option('-o, --output <file>', 'write to this new file (default: standard output)');
  return withKeyOptions(command, 5)
    .addHelpText('after', '\nIf the pod does not answer, the bundle contains only what this machine knows.')
    .addHelpText('after', exitHelp({ ok: 'collected' }, 'usage'))
    .action(diagnose);
}

async function diagnose({ config, log, output, ...flags }: DiagnoseFlags): Promise<void> {
  const refuse = (why: string): void => {
    process.stderr.write(`${why}\n`);
    process.exitCode = exitStatus.usage;
  };
  const address = readAddress(flags, process.env);
  if (address.kind === 'refused') return refuse(address.why);
  // Loaded only now: help and version need nothing of it.
  const { collectBundle } = await import('./diagnose/collect.ts');
  const bundle = await collectBundle({
    address: address.address,
    env: process.env,
    ...(config !== undefined && { config }),
    ...(log !== undefined && { log }),
  });
  const text = `${JSON.stringify(bundle, null, 2)}\n`;
  if (output === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(output, text, { flag: 'wx', mode: 0o600 });
    process.stdout.write(`Wrote ${output}. Read it before you send it.\n`);
  } catch (error) {
    refuse(`--output ${output}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be written'}`);
  }
}
