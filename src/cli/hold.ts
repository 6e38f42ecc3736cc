import { Command, Option } from 'commander';
import { readAddress, urlOption, withKeyOptions } from './ask/index.ts';
import type { AddressFlags } from './ask/index.ts';
import { exitHelp, exitStatus } from './exit-status.ts';
import type { Decision } from './hold/run-hold.ts';

const SECONDS = 5;

interface HoldFlags extends AddressFlags {
  readonly reason?: string;
  readonly until?: string;
  readonly by?: string;
  readonly json?: true;
}

/** `allswell drain`: takes a target out of traffic, in every pod. */
export function drainCommand(): Command {
  return onTarget('drain', 'Take a target out of traffic, in every pod; it is probed all the same', 'required');
}

/** `allswell undrain`: ends whatever hold a target has. */
export function undrainCommand(): Command {
  return onTarget('undrain', 'End whatever hold a target has', 'optional');
}

/** `allswell hold-up`: takes a target for up, in every pod. */
export function holdUpCommand(): Command {
  return onTarget('hold-up', 'Take a target for up, in every pod, whatever its probes say', 'required');
}

/** `allswell probing`: stops the probes of the fleet, and lets them go on. */
export function probingCommand(): Command {
  const pause = new Command('pause').description('Stop the probes of all pods, but for checks that somebody asks for');
  const resume = new Command('resume').description('Let the pods probe again');
  return new Command('probing')
    .description('Stop the probes of the fleet, or let them go on')
    .addCommand(
      withOptions(pause, 'required').action(async (flags: HoldFlags) => await decide('/fleet/probing/pause', flags)),
    )
    .addCommand(
      withOptions(resume, 'optional').action(async (flags: HoldFlags) => await decide('/fleet/probing/resume', flags)),
    );
}

const ends = {
  ok: 'done',
  unhealthy: 'not done: the pod could not store it',
  usage: 'the command line cannot be used, or the pod refused what it asks',
};

type Reason = 'required' | 'optional';

const none: Readonly<Record<Reason, string>> = { required: 'none, it must be given', optional: 'none' };

function onTarget(verb: string, description: string, reason: Reason): Command {
  const command = new Command(verb)
    .description(description)
    .argument('<target>', "a target's id, a model_id, or a name that only one target has");
  return withOptions(command, reason).action(async (target: string, flags: HoldFlags) => {
    await decide(`/fleet/targets/${encodeURIComponent(target)}/${verb}`, flags);
  });
}

function withOptions(command: Command, reason: Reason): Command {
  const why = new Option('--reason <text>', `why, for whoever finds it (default: ${none[reason]})`);
  command.allowExcessArguments(false).addOption(reason === 'required' ? why.makeOptionMandatory() : why);
  if (reason === 'required') {
    command.option('--until <time>', 'when it ends: 30m, 2h, 7d, or 2026-11-22T12:00:00Z (default: never)');
  }
  command
    .option('--by <name>', 'who decides, shown beside the name of the key (default: the key alone)')
    .addOption(urlOption())
    .option('--json', 'the answer of the pod as one JSON document (default: a line)');
  return withKeyOptions(command, SECONDS).addHelpText('after', exitHelp(ends, 'unreachable'));
}

async function decide(path: string, { reason, until, by, json, ...flags }: HoldFlags): Promise<void> {
  const read = readAddress(flags, process.env);
  if (read.kind === 'refused') {
    process.stderr.write(`${read.why}\n`);
    process.exitCode = exitStatus.usage;
    return;
  }
  const decision: Decision = { path, body: { reason, until, by }, output: json === true ? 'json' : 'line' };
  // Loaded only now: help and version need nothing of it.
  const { runHold } = await import('./hold/run-hold.ts');
  await runHold(read.address, decision, process);
}
