import { Command, InvalidArgumentError, Option } from 'commander';
import { readAddress, secondsOf, withKeyOptions } from './ask/index.ts';
import type { AddressFlags, PodAddress } from './ask/index.ts';
import { endAtOnce, firstSignal } from './end-on-signals.ts';
import { exitHelp, exitStatus } from './exit-status.ts';

interface StatusFlags extends Omit<AddressFlags, 'url'> {
  readonly url: readonly string[];
  readonly watch?: true | number;
  readonly why?: true;
  readonly group: readonly string[];
  readonly state: readonly string[];
  readonly json?: true;
}

const WATCH_SECONDS = 2;

/** States of targets that `--state` takes. */
const filterStates = ['up', 'degraded', 'suspect', 'down', 'unknown', 'drained', 'held-up'] as const;

/** `allswell status`: state of the fleet as one pod knows it. */
export function statusCommand(): Command {
  const command = new Command('status')
    .description("Show mode, pods, targets, leases and today's probe cost, as a running pod knows them")
    .allowExcessArguments(false)
    .addOption(
      new Option('--url <url>', 'base URL of a running pod; repeat it to ask and compare several pods')
        .env('ALLSWELL_URL')
        .default(['http://127.0.0.1:4000'], 'http://127.0.0.1:4000')
        .argParser(together()),
    )
    .addOption(
      new Option(
        '--watch [seconds]',
        `repeat at this interval, in seconds (default: show once; --watch alone means ${WATCH_SECONDS})`,
      ).argParser(secondsOf),
    )
    .option('--why', 'list all problems, with what to do (default: off)')
    .addOption(
      new Option('--group <name>', 'only targets of this model group; may be repeated')
        .default([], 'all groups')
        .argParser((value: string, before: readonly string[]) => [...before, value]),
    )
    .addOption(
      new Option('--state <state>', `only targets in this state: ${filterStates.join(', ')}; may be repeated`)
        .default([], 'all states')
        .argParser(stateOf),
    )
    .option('--json', 'print one JSON document each time (default: a screen of text)');
  return withKeyOptions(command, 5).addHelpText('after', exitHelp(ends, 'unreachable')).action(status);
}

const ends = {
  ok: 'shown; with --why: no problem found (notes are not problems)',
  unhealthy: 'with --why: a problem was found, such as a target that is down or suspect',
  usage: 'the command line is invalid',
  notJudged: 'with --why: no problem found, but at least one target has no verdict yet',
};

/** The first one given takes the place of the default. */
function together(): (value: string) => readonly string[] {
  const given: string[] = [];
  return (value) => {
    given.push(value);
    return given;
  };
}

function stateOf(value: string, before: readonly string[]): readonly string[] {
  if (filterStates.some((state) => state === value)) return [...before, value];
  throw new InvalidArgumentError(`It must be one of ${filterStates.join(', ')}.`);
}

async function status({ url, watch, why, group, state, json, ...flags }: StatusFlags): Promise<void> {
  const addresses: PodAddress[] = [];
  for (const one of url) {
    const read = readAddress({ ...flags, url: one }, process.env);
    if (read.kind === 'refused') {
      process.stderr.write(`${read.why}\n`);
      process.exitCode = exitStatus.usage;
      return;
    }
    addresses.push(read.address);
  }
  const seconds = watch === true ? WATCH_SECONDS : watch;
  // To end it is the way to leave a watched screen, and no failure.
  const end = seconds === undefined ? undefined : firstSignal(process);
  if (end === undefined) endAtOnce(process);
  // Loaded only now: help and version need nothing of it.
  const { runStatus } = await import('./status/run-status.ts');
  const options = {
    shows: why === true ? ('why' as const) : ('status' as const),
    output: json === true ? ('json' as const) : ('lines' as const),
    filter: { groups: group, states: state },
    ...(seconds !== undefined && { watchMs: seconds * 1_000 }),
  };
  await runStatus(addresses, options, { process, end });
}
