import { writeFileSync } from 'node:fs';
import { targetNames } from '../../api/index.ts';
import { stayingAlive } from '../../staying-alive.ts';
import { exitStatus } from '../exit-status.ts';
import type { CliProcess } from '../cli-process.ts';
import { isWell, rowOf } from './check-row.ts';
import type { CheckRow } from './check-row.ts';
import { junitReport } from './junit.ts';
import { createReporter } from './reporter.ts';
import type { CheckSource, ListedTarget } from './source.ts';

type AskedFor =
  | { readonly kind: 'targets'; readonly targets: readonly ListedTarget[] }
  | { readonly kind: 'nothing'; readonly why: string };

export interface CheckOptions {
  /** Names or ids; empty for all. */
  readonly models: readonly string[];
  readonly output: 'lines' | 'json';
  /** File for the report that build servers read. */
  readonly junit?: string;
  readonly timeoutMs: number;
}

/** Checks every target that was asked for, tells what came of it, and sets the exit status. */
export async function runCheck(source: CheckSource, options: CheckOptions, process: CliProcess): Promise<void> {
  // Open timers do not keep the process alive, so this does.
  await stayingAlive(async () => {
    try {
      await check(source, options, process);
    } finally {
      await source.close();
    }
  });
}

async function check(source: CheckSource, options: CheckOptions, process: CliProcess): Promise<void> {
  const listed = await source.list();
  if (listed.kind === 'unreachable') {
    end(process, exitStatus.unreachable, listed.why);
    return;
  }
  const asked = askedFor(listed.targets, options.models);
  if (asked.kind === 'nothing') {
    end(process, exitStatus.usage, asked.why);
    return;
  }
  for (const note of listed.notes ?? []) process.stderr.write(`warning: ${note}\n`);
  const reporter = createReporter(options.output, process);
  const rows = await checkAll(source, asked.targets, {
    timeoutMs: options.timeoutMs,
    checked: (row, of) => reporter.checked(row, of),
  });
  if (options.junit !== undefined) {
    try {
      writeFileSync(options.junit, junitReport(rows));
    } catch (error) {
      end(process, exitStatus.usage, `--junit ${options.junit}: ${(error as Error).message}`);
      return;
    }
  }
  reporter.done(rows);
  process.exitCode = statusOf(rows);
}

interface Checking {
  readonly timeoutMs: number;
  /** Called after each: what came of it, and how many there are. */
  readonly checked: (row: CheckRow, of: number) => void;
}

/** A few at a time, and none past the time. */
async function checkAll(
  source: CheckSource,
  targets: readonly ListedTarget[],
  { timeoutMs, checked }: Checking,
): Promise<readonly CheckRow[]> {
  const signal = AbortSignal.timeout(timeoutMs);
  const overdue = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve());
  });
  const rows: (CheckRow | undefined)[] = targets.map(() => undefined);
  const left = [...targets.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined && !signal.aborted; next = left.shift()) {
      const [at, target] = next;
      const startedMs = performance.now();
      // oxlint-disable-next-line no-await-in-loop -- one after the other, several times in parallel
      const answer = await source.check(target.target, signal);
      // The report may be written by now.
      if (signal.aborted) return;
      const row = rowOf(target, answer, performance.now() - startedMs);
      rows[at] = row;
      checked(row, targets.length);
    }
  };
  await Promise.race([Promise.all(Array.from({ length: source.parallel }, work)), overdue]);
  return rows.map((row, at) => row ?? late(targets[at], timeoutMs)).filter((row) => row !== undefined);
}

function late(target: ListedTarget | undefined, timeoutMs: number): CheckRow | undefined {
  if (target === undefined) return undefined;
  return rowOf(target, { kind: 'unreachable', why: `not judged within ${timeoutMs / 1_000} s` }, timeoutMs);
}

function statusOf(rows: readonly CheckRow[]): number {
  if (isWell(rows)) return exitStatus.ok;
  const unknown = rows.some(({ outcome }) => outcome === 'not-judged');
  return unknown && rows.every(({ outcome }) => outcome !== 'unhealthy') ? exitStatus.notJudged : exitStatus.unhealthy;
}

function end(process: CliProcess, status: number, why: string): void {
  process.stderr.write(`${why}\n`);
  process.exitCode = status;
}

/** The targets that words mean: a model group, an upstream's own name, or an id of a deployment or target. */
function askedFor(targets: readonly ListedTarget[], words: readonly string[]): AskedFor {
  if (targets.length === 0) return { kind: 'nothing', why: 'No models to check: the model list is empty.' };
  if (words.length === 0) return { kind: 'targets', targets };
  const names = targetNames(targets);
  const meant = new Set(words.flatMap((word) => names.find(word)));
  const unknown = words.filter((word) => names.find(word).length === 0);
  if (unknown.length > 0) {
    const groups = new Set(targets.flatMap(({ deployments }) => deployments.map(({ model_name: name }) => name)));
    return { kind: 'nothing', why: `Unknown model: ${unknown.join(', ')}. Known models: ${[...groups].join(', ')}` };
  }
  return { kind: 'targets', targets: targets.filter(({ target }) => meant.has(target)) };
}
