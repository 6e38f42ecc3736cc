import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

/** The command-line options. */
export interface SimOptions {
  readonly first: number;
  readonly seeds: number;
  readonly pods: number;
  readonly targets: number;
  readonly workers: number;
  readonly verbose: boolean;
  /** Worlds whose faults last to the end, instead of temporary ones. */
  readonly lastingFaults: boolean;
}

export const usage = `Runs the shipped coordinator under virtual time and random faults, and checks the protocol's invariants.

  npm run sim -- --seed 17                    one world
  npm run sim -- --seeds 2000 [--first 1]     many, on all cores, with a table of what occurred

  --seed N       the only seed, or the first of --seeds (1)
  --first N      the first of --seeds
  --seeds K      how many seeds (1); from 200 on, a fault or check that never occurred fails the run
  --pods N       pods of one world (5)
  --targets N    targets of one world (20)
  --workers N    threads (one per core)
  --lasting-faults  worlds whose faults last to the end, with the liveness invariants
  --verbose      every log line of every pod; one seed only
  --help         this text

Each world is ten virtual minutes of faults, then a time without faults in which all states must become correct. A failing seed prints
the command that repeats it, event for event.`;

/** Parses the arguments; `problem` describes an invalid one. */
export function readOptions(args: readonly string[]): SimOptions | 'help' | { readonly problem: string } {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        seed: { type: 'string' },
        first: { type: 'string' },
        seeds: { type: 'string' },
        pods: { type: 'string' },
        targets: { type: 'string' },
        workers: { type: 'string' },
        verbose: { type: 'boolean' },
        'lasting-faults': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }));
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  if (values.help === true) return 'help';
  const { seed, seeds = '1', first = seed ?? '1', pods = '5', targets = '20', verbose = false } = values;
  const { workers = String(availableParallelism()) } = values;
  const numbers = { first, seeds, pods, targets, workers };
  for (const [name, text] of Object.entries(numbers)) {
    if (!/^[1-9]\d{0,8}$/.test(text)) return { problem: `--${name} takes a whole number from 1 on, not "${text}"` };
  }
  if (verbose && seeds !== '1') return { problem: '--verbose is for one seed' };
  return {
    first: Number(first),
    seeds: Number(seeds),
    pods: Number(pods),
    targets: Number(targets),
    workers: Number(workers),
    verbose,
    lastingFaults: values['lasting-faults'] === true,
  };
}
