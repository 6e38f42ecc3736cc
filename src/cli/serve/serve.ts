import { Command, InvalidArgumentError, Option } from 'commander';
import { endAtOnce } from '../end-on-signals.ts';
import { exitHelp } from '../exit-status.ts';
import { configOption, hostOption, portOption } from '../pod-options.ts';
import { keepHeapSmall } from '../small-heap.ts';
import type { ServeFlags } from './serve-flags.ts';

/** `allswell serve`: runs one pod until a signal stops it. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Run one pod until it gets SIGTERM or SIGINT')
    .allowExcessArguments(false)
    .addOption(configOption())
    .addOption(portOption())
    .addOption(hostOption())
    .addOption(
      new Option('--num_workers <number>', 'processes that forward requests; from 2 on, one more for all else')
        .env('NUM_WORKERS')
        .default(1)
        .argParser(workersOf),
    )
    .option('--health', 'ask the pod at --host and --port for its health, print the answer, and exit (default: off)')
    .option('--debug', 'log every claim, commit and push (default: off)')
    .option('--detailed_debug', 'the same as --debug (default: off)')
    .action(async (flags: ServeFlags) => {
      // What follows is loaded only now: help and version need nothing of it.
      if (flags.health === true) {
        endAtOnce(process);
        const { runHealth } = await import('../run-health.ts');
        return await runHealth(flags, process);
      }
      keepHeapSmall();
      const { runServe } = await import('./run-serve.ts');
      await runServe(flags, process, 'serve', flags.num_workers);
    })
    .addHelpText('after', exitHelp(ends, 'usage', 'portTaken'));
}

const ends = {
  ok: 'stopped by a signal; with --health: all endpoints are healthy',
  unhealthy: 'an unexpected error (see the last log line); with --health: not all are healthy',
  unreachable: 'with --health: no pod answers at the URL, it refuses the key, or its answer has another form',
};

/** More than processors help nothing; the bound is against a slip of the finger. */
const MOST_WORKERS = 256;

function workersOf(text: string): number {
  if (/^[1-9]\d*$/.test(text) && Number(text) <= MOST_WORKERS) return Number(text);
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST_WORKERS}.`);
}
