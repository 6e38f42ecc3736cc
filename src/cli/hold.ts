import { Argument, Command, Option } from 'commander';
import { readAddress, urlOption, withKeyOptions } from './ask/index.ts';
import type { AddressFlags } from './ask/index.ts';
import { exitHelp, exitStatus } from './exit-status.ts';
import type { HoldDecision } from './hold/run-hold.ts';

const SECONDS = 5;

interface HoldFlags extends AddressFlags {
  readonly reason?: string;
  readonly until?: string;
  readonly for?: string;
  readonly by?: string;
  readonly json?: true;
}

/** `allswell drain`: takes a target out of traffic, in every pod. */
export function drainCommand(): Command {
  return onTarget(
    'drain',
    'Take a target out of traffic in all pods, unless its group and fallbacks have nothing else; probes continue',
    'required',
  );
}

/** `allswell undrain`: ends whatever hold a target has. */
export function undrainCommand(): Command {
  return onTarget('undrain', 'End any hold on a target: a drain or a hold-up', 'optional');
}

/** `allswell hold-up`: takes a target for up, in every pod. */
export function holdUpCommand(): Command {
  return onTarget('hold-up', 'Force a target to count as up, regardless of probes', 'required');
}

/** `allswell probing`: stops the probes of the fleet, and lets them go on. */
export function probingCommand(): Command {
  const pause = new Command('pause').description('Pause the probes of all pods, except checks on request');
  const resume = new Command('resume').description('Resume probes');
  return new Command('probing')
    .description('Pause or resume the probes of the fleet')
    .addCommand(
      withOptions(pause, 'required').action(async (flags: HoldFlags) => await decide('/fleet/probing/pause', flags)),
    )
    .addCommand(
      withOptions(resume, 'optional').action(async (flags: HoldFlags) => await decide('/fleet/probing/resume', flags)),
    );
}

/** `allswell bridge cooldowns`: restricts the cooldowns that the fleet writes for LiteLLM, and ends that. */
export function cooldownsCommand(): Command {
  const command = new Command('cooldowns')
    .description('Restrict the LiteLLM cooldowns of all pods, or let them follow their configuration again')
    .addArgument(
      new Argument(
        '<mode>',
        'off: no pod reads or writes cooldowns; observe: they are only logged and counted; on: each pod follows its configuration again',
      ).choices(['on', 'observe', 'off']),
    )
    .allowExcessArguments(false)
    .option('--reason <text>', 'reason, shown to other operators (default: no reason given)')
    .option(
      '--for <time>',
      'with observe or off: how long, such as 30m, 2h or 7d, or until 2026-11-22T12:00:00Z (default: no end)',
    );
  return withCommonOptions(command).action(async (mode: string, { for: until, ...flags }: HoldFlags) => {
    await decide(`/fleet/cooldowns/${mode}`, { ...flags, ...(until !== undefined && { until }) });
  });
}

const ends = {
  ok: 'done',
  unhealthy: 'not done: the pod could not store the decision',
  usage: 'the command line is invalid, or the pod rejected the request',
};

type Reason = 'required' | 'optional';

const none: Readonly<Record<Reason, string>> = { required: 'required', optional: 'default: none' };

function onTarget(verb: string, description: string, reason: Reason): Command {
  const command = new Command(verb)
    .description(description)
    .argument(
      '<target>',
      'target id, model_id, name, or name@host; a name may match several targets only if they differ only in their upstream key: the hold then covers all of them',
    );
  return withOptions(command, reason).action(async (target: string, flags: HoldFlags) => {
    await decide(`/fleet/targets/${encodeURIComponent(target)}/${verb}`, flags);
  });
}

function withOptions(command: Command, reason: Reason): Command {
  const why = new Option('--reason <text>', `reason, shown to other operators (${none[reason]})`);
  command.allowExcessArguments(false).addOption(reason === 'required' ? why.makeOptionMandatory() : why);
  if (reason === 'required') {
    const what = command.name() === 'pause' ? 'pause' : 'hold';
    command.option('--until <time>', `end of the ${what}: 30m, 2h, 7d, or 2026-11-22T12:00:00Z (default: no end)`);
  }
  return withCommonOptions(command);
}

function withCommonOptions(command: Command): Command {
  command
    .option(
      '--by <name>',
      "operator's name, shown beside the name of the API key (default: only the name of the API key)",
    )
    .addOption(urlOption())
    .option('--json', "print the pod's answer as one JSON document (default: one line)");
  return withKeyOptions(command, SECONDS).addHelpText('after', exitHelp(ends, 'unreachable'));
}

async function decide(path: string, { reason, until, by, json, ...flags }: HoldFlags): Promise<void> {
  const read = readAddress(flags, process.env);
  if (read.kind === 'refused') {
    process.stderr.write(`${read.why}\n`);
    process.exitCode = exitStatus.usage;
    return;
  }
  const decision: HoldDecision = { path, body: { reason, until, by }, output: json === true ? 'json' : 'line' };
  // Loaded only now: help and version need nothing of it.
  const { runHold } = await import('./hold/run-hold.ts');
  await runHold(read.address, decision, process);
}
