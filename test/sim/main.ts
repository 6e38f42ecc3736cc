import { coverage } from './coverage.ts';
import type { Coverage } from './coverage.ts';
import { readOptions, usage } from './cli-options.ts';
import type { SimOptions } from './cli-options.ts';
import { runInWorkers } from './run-in-workers.ts';
import { playSeed } from './seed-run.ts';
import type { SeedInput, SeedResult } from './seed-run.ts';

const PROGRESS_MS = 10_000;
const startedMs = performance.now();

const options = readOptions(process.argv.slice(2));
if (options === 'help') console.log(usage);
else if ('problem' in options) {
  console.error(`${options.problem}\n\n${usage}`);
  process.exitCode = 2;
} else process.exitCode = await run(options);

async function run(wanted: SimOptions): Promise<number> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const total = coverage(wanted.lastingFaults ? 'lasting' : 'passing');
  const progress = setInterval(() => console.log(progressLine(total, wanted)), PROGRESS_MS);
  const done = (result: SeedResult): void => {
    total.add(result);
    if (result.violation !== null) console.error(failureText(result, wanted));
  };
  if (wanted.seeds === 1) done(await playSeed(inputOf(wanted.first, wanted), wanted.verbose ? { log } : {}));
  else await runInWorkers(inputs(wanted), Math.min(wanted.workers, wanted.seeds), { done, signal: stop.signal });
  clearInterval(progress);
  console.log(total.table());
  if (stop.signal.aborted) return 130;
  const missing = total.missing();
  for (const name of missing) console.error(`never occurred: ${name}`);
  return total.failures.length > 0 || missing.length > 0 ? 1 : 0;
}

function* inputs(wanted: SimOptions): Generator<SeedInput> {
  for (let i = 0; i < wanted.seeds; i += 1) yield inputOf(wanted.first + i, wanted);
}

function inputOf(seed: number, { pods, targets, lastingFaults }: SimOptions): SeedInput {
  return { seed, pods, targets, ...(lastingFaults && { faults: 'lasting' as const }) };
}

function log(line: string): void {
  console.log(line);
}

function progressLine({ seeds, failures }: Coverage, wanted: SimOptions): string {
  const perSecond = (seeds / ((performance.now() - startedMs) / 1000)).toFixed(1);
  return `${seeds} of ${wanted.seeds} seeds, ${perSecond} per second, ${failures.length} failed`;
}

function failureText({ seed, violation, virtualMs }: SeedResult, { pods, targets, lastingFaults }: SimOptions): string {
  const kind = lastingFaults ? '--lasting-faults ' : '';
  const repeat = `npm run sim -- ${kind}--seed ${seed} --pods ${pods} --targets ${targets} --verbose`;
  return `seed ${seed} failed after ${Math.round(virtualMs)} virtual ms: ${violation}\n  repeat it: ${repeat}`;
}
