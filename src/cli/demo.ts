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
    .description('Run a fleet, Redis and a mock upstream on this machine, and inject failures')
    .allowExcessArguments(false)
    .option('--pods <number>', 'number of pods, 1 to 20', podsOf, 3)
    .option('--seconds <number>', 'stop after this many seconds (default: when q or Ctrl-C is pressed)', secondsOf)
    .option(
      '--script <steps>',
      'inject failures at set times: the script drama, or steps such as "t=10 kill-prober; t=20 fail gpt-4o" (default: none)',
    )
    .option('--json', 'print a line of JSON each second (default: a screen on a terminal, else text)')
    .option('--no-download', 'do not download Redis if it is not installed')
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
  kill-prober             kill the pod that probed last; it restarts after 10 s
  fail <model>            the upstream answers 500
  slow <model> [seconds]  the upstream needs this time to answer (default: 4 s)
  cut-network [pod]       the pod cannot reach any upstream
  stop-redis, hang-redis  send Redis SIGKILL, or SIGSTOP
  drain, undrain <model>  start and end a drain: no traffic, probes continue
  pause, resume           pause and resume all probes
  bring-back [what]       restore a model, pods, network, redis, or everything
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
