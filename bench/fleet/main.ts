import { parseArgs } from 'node:util';
import { measure } from './measure.ts';
import type { Figures, Shape } from './measure.ts';
import { misses, table } from './report.ts';
import { keep } from './results.ts';

const ATTEMPTS = 3;

const HELP = `npm run bench:fleet -- [--pods 1,3,10,30] [--targets 10,200,1000] [--intervals 6] [--check]

  --pods LIST       fleet sizes, each pod a process            default 1,3,10,30
  --targets LIST    targets per fleet                          default 10,200,1000
  --intervals N     intervals that are counted per case        default 6
  --check           exit 1 if a promise is broken; writes nothing
  --help            this text

Each case is written to bench/results/fleet.json and fleet.md as soon as it is measured, beside the cases measured
before, unless --check is given. Ctrl-C ends what runs and keeps what is written.
`;

const { values } = parseArgs({
  options: {
    pods: { type: 'string', default: '1,3,10,30' },
    targets: { type: 'string', default: '10,200,1000' },
    intervals: { type: 'string', default: '6' },
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(HELP);
} else {
  await run();
}

async function run(): Promise<void> {
  const results: Figures[] = [];
  for (const pods of numbers('--pods', values.pods)) {
    for (const targets of numbers('--targets', values.targets)) {
      const intervalS = intervalFor(pods * targets, targets);
      const [intervals = 6] = numbers('--intervals', values.intervals);
      const say = (line: string): void => console.error(`${pods} pods, ${targets} targets: ${line}`);
      // oxlint-disable-next-line no-await-in-loop -- cases share the machine: one after another
      const figures = await measureCase({ pods, targets, intervalS, intervals }, say);
      results.push(figures);
      if (!values.check) keep(figures);
    }
  }
  console.log(table(results));
  const broken = results.flatMap(misses);
  for (const line of broken) console.log(`missed: ${line}`);
  if (broken.length === 0) console.log('all promises kept');
  if (values.check) process.exitCode = broken.length === 0 ? 0 : 1;
}

/** Two processors share pods, upstream and Redis: the interval (s) leaves them room, the figures are per interval. */
function intervalFor(views: number, targets: number): number {
  if (views > 20_000) return 60;
  if (targets > 200) return 30;
  return views > 2_000 ? 20 : 10;
}

/**
 * Measures a case, and again where a promise was broken: another process on the machine can delay any answer, and only
 * what is missed every time is the product's own. Every miss is printed.
 */
async function measureCase(shape: Shape, say: (line: string) => void): Promise<Figures> {
  let figures = await measure(shape, say);
  for (let attempt = 2; attempt <= ATTEMPTS && misses(figures).length > 0; attempt += 1) {
    for (const line of misses(figures)) say(`missed, measuring again: ${line}`);
    // oxlint-disable-next-line no-await-in-loop -- see above
    figures = await measure(shape, say);
  }
  return figures;
}

function numbers(flag: string, text: string): number[] {
  const list = text.split(',').map(Number);
  if (list.every((value) => Number.isInteger(value) && value > 0)) return list;
  console.error(`${flag} takes whole numbers above 0, separated by commas; got: ${text}`);
  process.exit(2);
}
