import { Command, InvalidArgumentError } from 'commander';
import type { DemoOptions } from '../demo/index.ts';

interface DemoFlags {
  readonly pods: number;
  readonly seconds?: number;
  readonly json?: true;
  readonly script?: string;
  /** False when `--no-download` is given. */
  readonly download: boolean;
}

/** `allswell demo`: a whole fleet on this machine, to be watched and broken. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('Run a fleet, a Redis and an upstream on this machine, watch them, and break them')
    .allowExcessArguments(false)
    .option('--pods <number>', 'pods to run, 1 to 20', podsOf, 3)
    .option('--seconds <number>', 'end after this long (default: when q or Ctrl-C is pressed)', secondsOf)
    .option(
      '--script <steps>',
      'break things at set times: drama, or steps such as "t=10 kill-prober; t=20 fail gpt-4o" (default: none)',
    )
    .option('--json', 'a line of JSON each second (default: a screen, or text where there is none)')
    .option('--no-download', 'do not fetch a Redis where there is none')
    .addHelpText('after', stepsHelp)
    .action(async ({ pods, seconds, json, script, download }: DemoFlags) => {
      const options: DemoOptions = {
        pods,
        output: json === true ? 'json' : 'auto',
        download: download ? 'if-missing' : 'never',
        ...(seconds !== undefined && { seconds }),
        ...(script !== undefined && { script }),
      };
      // Loaded only now: help and version need nothing of it.
      const { runDemo } = await import('../demo/index.ts');
      await runDemo(options, process);
    });
}

const stepsHelp = `
Steps of a script, each after t=<seconds>:
  kill-prober             end the pod that probed last; it is back after 10 s
  fail <model>            its upstream answers 500
  slow <model> [seconds]  its upstream takes that long, 4 s unless given
  cut-network [pod]       that pod reaches no upstream any more
  stop-redis, hang-redis  SIGKILL, SIGSTOP
  drain, undrain <model>  it gets no traffic, and is probed all the same
  pause, resume           no pod probes
  bring-back [what]       a model, pods, network, redis, or everything
`;

function podsOf(text: string): number {
  const pods = Number(text);
  if (Number.isInteger(pods) && pods >= 1 && pods <= 20) return pods;
  throw new InvalidArgumentError('It must be a whole number from 1 to 20.');
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds;
  throw new InvalidArgumentError('It must be a number above 0.');
}
