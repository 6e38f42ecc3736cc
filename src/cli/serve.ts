import { Command, InvalidArgumentError, Option } from 'commander';
import { keepHeapSmall } from './small-heap.ts';
import type { ServeFlags } from './serve-flags.ts';

/** `allswell serve`: runs one pod until it is told to stop. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Run one pod')
    .allowExcessArguments(false)
    .addOption(
      new Option('-c, --config <file>', 'proxy_config.yaml to read; without it the environment alone').env(
        'CONFIG_FILE_PATH',
      ),
    )
    .addOption(
      new Option('--port <number>', 'TCP port to listen on; 0 takes a free one')
        .env('PORT')
        .default(4000)
        .argParser(portOf),
    )
    .addOption(new Option('--host <address>', 'address to listen on').env('HOST').default('0.0.0.0'))
    .option('--debug', 'log every claim, commit and push (default: off)')
    .option('--detailed_debug', 'the same as --debug (default: off)')
    .action(async (flags: ServeFlags) => {
      // Loaded only now: help and version need nothing of it.
      keepHeapSmall();
      const { runServe } = await import('./run-serve.ts');
      await runServe(flags, process);
    });
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
}
