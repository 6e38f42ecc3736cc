import { Command, Option } from 'commander';
import { secondsOf } from './ask/index.ts';
import { verifyCommand } from './bridge/verify.ts';
import { endingAtOnce, endingInOrder } from './end-on-signals.ts';
import { exitHelp } from './exit-status.ts';
import { cooldownsCommand } from './hold.ts';
import { configOption, hostOption, portOption } from './pod-options.ts';
import type { PodFlags } from './serve/serve-flags.ts';
import { keepHeapSmall } from './small-heap.ts';

interface BridgeFlags extends PodFlags {
  readonly dryRun?: true;
  /** Seconds. */
  readonly timeout: number;
}

/** `allswell bridge`: probes in LiteLLM's place and publishes what LiteLLM's pods read. */
export function bridgeCommand(): Command {
  return (
    new Command('bridge')
      .description('Run one pod beside a LiteLLM fleet: it probes, and publishes results that LiteLLM pods read')
      .allowExcessArguments(false)
      // Options after the word of a subcommand are its own.
      .enablePositionalOptions()
      .addCommand(endingAtOnce(cooldownsCommand()))
      .addCommand(verifyCommand())
      .addOption(configOption())
      .addOption(portOption())
      .addOption(hostOption())
      .option('--debug', 'log every claim, commit and push (default: off)')
      .option(
        '--dry-run',
        'probe each model, print the results that would be published, and on the error output the LiteLLM cooldowns; writes nothing (default: off)',
      )
      .addOption(
        new Option('--timeout <seconds>', 'with --dry-run: maximum time to wait for verdicts, in seconds')
          .default(90)
          .argParser(secondsOf),
      )
      .action(async ({ dryRun, timeout, ...flags }: BridgeFlags) => {
        if (dryRun === true) {
          return await endingInOrder(process, async (end) => {
            const { runDryRun } = await import('./bridge/run-dry-run.ts');
            await runDryRun({ ...flags, timeout }, { process, end });
          });
        }
        keepHeapSmall();
        const { runServe } = await import('./serve/run-serve.ts');
        await runServe(flags, process, 'bridge');
      })
      .addHelpText('after', exitHelp(ends, 'usage', 'portTaken'))
  );
}

const ends = {
  ok: 'stopped by a signal; with --dry-run: all endpoints are healthy',
  unhealthy: 'an unexpected error (see the last log line); with --dry-run: not all are healthy',
  notJudged: 'with --dry-run: not all models were judged within --timeout',
};
