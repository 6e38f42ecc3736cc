import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { startRedisServer } from '../../src/testing/redis-server/index.ts';
import { SourceCopy, type SuiteRun } from './copy.ts';
import type { Mutation, Suite } from './mutation.ts';
import { mutations } from './table.ts';

// Usage: main.ts [--only TEXT] [--part K/N] [--jobs N]
// Plants each bug of the table in a copy of the sources and runs the suite beside it, which must fail. The same suites
// must pass without the bugs. --only takes the bugs whose sentence or file holds the text; --part every Nth of them,
// from the Kth on.
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    part: { type: 'string', default: '1/1' },
    jobs: { type: 'string', default: '2' },
  },
});
const [part = 0, parts = 0] = (/^(\d+)\/(\d+)$/.exec(values.part) ?? []).slice(1).map(Number);
if (part < 1 || part > parts) {
  console.error(`--part wants a part and a number of parts, such as 2/4, not "${values.part}"`);
  process.exit(2);
}
const chosen = mutations
  .filter(({ bug, file }) => `${file} ${bug}`.includes(values.only))
  .filter((_, index) => index % parts === part - 1);
const jobs = Math.max(1, Math.min(Number(values.jobs) || 1, chosen.length));
if (chosen.length === 0) {
  console.error(`no bug of the table holds "${values.only}"`);
  process.exit(2);
}

const startedMs = performance.now();
const server = await startRedisServer();
const admin = new Redis(server.url);
const copies = Array.from({ length: jobs }, () => new SourceCopy());
let problems: readonly string[];
try {
  problems = [...(await unplanted()), ...(await planted())];
} finally {
  for (const copy of copies) copy.remove();
  admin.disconnect();
  await server.stop();
}
for (const problem of problems) console.error(problem);
const seconds = ((performance.now() - startedMs) / 1_000).toFixed(0);
const ofAll = parts === 1 ? '' : `, part ${part} of ${parts} of all ${mutations.length}`;
console.log(`${chosen.length} planted bugs${ofAll}, ${chosen.length - problems.length} caught, in ${seconds} s`);
process.exit(problems.length > 0 ? 1 : 0);

/** The suites without any bug. */
async function unplanted(): Promise<readonly string[]> {
  const suites = [...new Map(chosen.map(({ suite }): [string, Suite] => [suite.file, suite])).values()];
  const run = await copies[0]?.run(suites);
  if (run?.kind === 'passed') {
    console.log(`${suites.length} suites pass without a planted bug`);
    return [];
  }
  return [`the suites do not pass without a planted bug: ${JSON.stringify(run)}`];
}

async function planted(): Promise<readonly string[]> {
  const waiting = [...chosen.entries()];
  const found: string[] = [];
  const work = async (copy: SourceCopy): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, mutation] = next;
      const beganMs = performance.now();
      // oxlint-disable-next-line no-await-in-loop -- one bug at a time in each copy
      const run = await planting(copy, mutation, index);
      const took = `${((performance.now() - beganMs) / 1_000).toFixed(1)} s`;
      const problem = problemOf(mutation, run);
      if (problem !== undefined) found.push(problem);
      const outcome = run.kind === 'failed' ? `caught by "${run.test}"` : 'NOT CAUGHT';
      console.log(`${took.padStart(7)}  ${mutation.file}: ${mutation.bug}: ${outcome}`);
    }
  };
  await Promise.all(copies.map((copy) => work(copy)));
  return found;
}

async function planting(copy: SourceCopy, mutation: Mutation, index: number): Promise<SuiteRun> {
  let takeOut: () => void;
  try {
    takeOut = copy.plant(mutation);
  } catch (error) {
    return { kind: 'broken', why: error instanceof Error ? error.message : String(error) };
  }
  try {
    // A script that does not compile would fail any test, and prove nothing.
    if (mutation.file.endsWith('.lua')) {
      const scripts = await copy.scripts(index);
      await Promise.all(scripts.map((lua) => admin.script('LOAD', lua)));
    }
    return await copy.run([mutation.suite]);
  } catch (error) {
    return { kind: 'broken', why: error instanceof Error ? error.message : String(error) };
  } finally {
    takeOut();
  }
}

function problemOf({ bug, file, suite }: Mutation, run: SuiteRun): string | undefined {
  if (run.kind === 'failed') return undefined;
  const why = run.kind === 'passed' ? 'it passes with the bug' : run.why;
  return `${file}: ${bug}: not caught by ${suite.file}: ${why}`;
}
