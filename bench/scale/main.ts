import { parseArgs } from 'node:util';
import { realFleet } from './real-fleet.ts';
import { misses, page } from './report.ts';
import { keep, noResults, withPart } from './results.ts';
import type { Measured } from './results.ts';
import { scriptTimes } from './script-times.ts';
import { virtualHour } from './virtual-hour.ts';

const HELP = `npm run bench:scale -- [--pods 1000] [--targets 10000] [--coordinators 1,3] [--parts scripts,real,virtual] [--check]

  --pods N            members of the fleet, coordinators among them    default 1000
  --targets N         targets that each coordinator knows              default 10000
  --coordinators LIST how many members are real coordinators           default 1,3
  --seconds N         how long each stretch of weather is watched      default 30
  --minutes N         minutes of virtual time                          default 60
  --parts LIST        what to measure                                  default scripts,real,virtual
  --check             exit 1 if a promise is broken; writes nothing
  --help              this text

Each part is written to bench/results/scale.json and scale.md as soon as it is measured, beside what was measured before,
unless --check is given. An hour of virtual time takes about ten minutes.
`;

const INTERVAL_MS = 300_000;

const { values } = parseArgs({
  options: {
    pods: { type: 'string', default: '1000' },
    targets: { type: 'string', default: '10000' },
    coordinators: { type: 'string', default: '1,3' },
    seconds: { type: 'string', default: '30' },
    minutes: { type: 'string', default: '60' },
    parts: { type: 'string', default: 'scripts,real,virtual' },
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else await run();

async function run(): Promise<void> {
  const [pods = 0, targets = 0] = [...numbers('--pods', values.pods), ...numbers('--targets', values.targets)];
  const [seconds = 0, minutes = 0] = [...numbers('--seconds', values.seconds), ...numbers('--minutes', values.minutes)];
  const shape = { pods, targets, intervalMs: INTERVAL_MS };
  const say = (line: string): void => console.error(line);
  const parts = new Set(values.parts.split(','));
  let results = noResults({ pods, targets });
  const measured = (part: Measured): void => {
    results = withPart(results, part);
    if (!values.check) keep({ pods, targets }, part);
  };
  if (parts.has('scripts')) measured({ scripts: await scriptTimes(shape) });
  for (const coordinators of numbers('--coordinators', values.coordinators)) {
    say(`${coordinators} coordinators among ${pods - coordinators} members`);
    // oxlint-disable-next-line no-await-in-loop -- cases share the machine: one after another
    if (parts.has('real')) measured({ real: await realFleet({ ...shape, coordinators, seconds }, say) });
    // oxlint-disable-next-line no-await-in-loop -- see above
    if (parts.has('virtual')) measured({ virtual: await virtualHour({ ...shape, coordinators, minutes }, say) });
  }
  console.log(page(results));
  const broken = misses(results);
  for (const line of broken) console.log(`missed: ${line}`);
  if (broken.length === 0) console.log('all promises kept');
  if (values.check) process.exitCode = broken.length === 0 ? 0 : 1;
}

function numbers(flag: string, text: string): number[] {
  const list = text.split(',').map(Number);
  if (list.every((value) => Number.isInteger(value) && value >= 0)) return list;
  console.error(`${flag} takes whole numbers, separated by commas; got: ${text}`);
  process.exit(2);
}
