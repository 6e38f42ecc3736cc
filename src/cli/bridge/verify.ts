import { Command, Option } from 'commander';
import { secondsOf } from '../ask/index.ts';
import { endingInOrder } from '../end-on-signals.ts';
import { exitHelp } from '../exit-status.ts';
import { configOption } from '../pod-options.ts';
import type { VerifyFlags } from './verify/run-verify.ts';

/** `allswell bridge verify`: asks real LiteLLM pods whether they act on allswell's verdicts. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('Ask running LiteLLM pods whether they act on the verdicts of the bridge; calls no model')
    .allowExcessArguments(false)
    .addOption(configOption())
    .addOption(
      new Option(
        '--litellm <url...>',
        'base URLs of LiteLLM pods (required), not of a load balancer',
      ).makeOptionMandatory(),
    )
    .addOption(
      new Option(
        '--key-file <file>',
        "file with LiteLLM's master key on its first line (default: the key in LITELLM_MASTER_KEY, else in the configuration)",
      ),
    )
    .addOption(
      new Option(
        '--with-canary <id>',
        'cool down the deployment with this model_id for 4 s (default: one that is down); never the last healthy one of its group',
      ),
    )
    .addOption(
      new Option('--timeout <seconds>', 'maximum time to wait for one answer, in seconds')
        .default(10)
        .argParser(secondsOf),
    )
    .option('--json', 'print one JSON document: ok, checks (default: one line per check)')
    .action(async (flags: VerifyFlags, command: Command) => {
      // Given before the word `verify`, it is an option of the bridge.
      const { config } = command.parent?.opts<{ config?: string }>() ?? {};
      await endingInOrder(process, async (end) => {
        const { runVerify } = await import('./verify/run-verify.ts');
        await runVerify({ ...(config !== undefined && { config }), ...flags }, { process, end });
      });
    })
    .addHelpText('after', about + exitHelp(ends));
}

const about = `
Check of allswell: published (its Redis has the bridge's results, by this configuration).

Checks of each pod: litellm (answers, accepts the key), background-checks (they run), redis (its Redis has the same results), results
(shows them at /health, at most one health_check_interval and 10 s behind), routing (enable_health_check_routing; skipped if it is off and
cooldowns act), deployments (the same ids), cooldown (its Router obeys one). A check that cannot be made is skipped, and its line says why.

Unless allswell keeps a cooldown already, the last check writes one for 4 s, with cooldowns: observe too. Without --with-canary only for
a deployment that is down. While an operator has restricted cooldowns, it is skipped and writes nothing. A line probing says that probing
is paused.
`;

const ends = {
  ok: 'no check failed; skipped ones are named',
  unhealthy: 'a check failed; its line says what to do',
  usage: 'the command line or the configuration is invalid, the canary is refused, or no pod can be asked',
};
