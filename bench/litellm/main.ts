import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { figuresOf } from './figures.ts';
import { KINDS, playOutage } from './outage.ts';
import type { OutageKind } from './outage.ts';
import { keepOutage, keepVerdicts, writePage } from './results.ts';
import { startVariant, VARIANTS } from './variants.ts';
import type { Variant } from './variants.ts';
import { measureVerdicts } from './verdict-series.ts';

const PODS = 3;
const PER_SECOND = 20;
const BEGINS_AT_SECOND = 30;
const RECOVERY_MS = 150_000;

const HELP = `LITELLM_BIN=$(.ci/fetch-litellm) npm run bench:litellm [-- --only <text>] [--outage-s 60] [--verdicts 50]

Plays outages before real LiteLLM pods, ${PODS} of them with ${PER_SECOND} requests per second, and measures how they react:
${VARIANTS.join(', ')}; each with ${KINDS.join(', ')}. About an hour.

  --only TEXT       only cases whose name contains it, such as bridge/500, cooldowns, /hang, verdicts
  --outage-s N      how long each outage lasts, s                              default 60
  --verdicts N      verdicts that are timed with a bridge alone                default 50
  --log FILE        adds what all pods print to this file
  --page            only writes the page from the figures that are kept
  --help            this text

Each case is written to bench/results/litellm.json as soon as it is measured, and the page
docs/reference/bridge-outages.md at the end. Ctrl-C ends what runs and keeps what is written.
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    'outage-s': { type: 'string', default: '60' },
    verdicts: { type: 'string', default: '50' },
    log: { type: 'string' },
    page: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else if (values.page) writePage();
else await run();

async function run(): Promise<void> {
  // A process that ends by a signal's default leaves its children running.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const version = versionOf(process.env['LITELLM_BIN'] ?? 'litellm');
  for (const variant of VARIANTS.toReversed()) {
    const kinds = KINDS.filter((kind) => `${variant}/${kind}`.includes(values.only));
    // oxlint-disable-next-line no-await-in-loop -- cases share the machine: one after another
    if (kinds.length > 0) await runVariant(variant, kinds, version);
  }
  if ('verdicts'.includes(values.only)) {
    keepVerdicts(await measureVerdicts({ count: Number(values.verdicts), pods: PODS, say: saying('verdicts') }));
  }
  writePage();
}

async function runVariant(variant: Variant, kinds: readonly OutageKind[], version: string): Promise<void> {
  saying(variant)(`starts ${PODS} LiteLLM pods of ${version}`);
  const fleet = await startVariant(variant, { pods: PODS });
  try {
    for (const kind of kinds) {
      const say = saying(`${variant}/${kind}`);
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      const seen = await playOutage(fleet, {
        kind,
        lastsMs: Number(values['outage-s']) * 1_000,
        recoveryMs: RECOVERY_MS,
        beginsAtSecond: BEGINS_AT_SECOND,
        perSecond: PER_SECOND,
        say,
      });
      const figures = figuresOf(seen);
      say(JSON.stringify(figures));
      keepOutage(figures, version);
    }
  } finally {
    if (values.log !== undefined) appendFileSync(values.log, fleet.stand.story());
    await fleet.stand.stop();
  }
}

function saying(name: string): (line: string) => void {
  return (line) => console.error(`${new Date().toISOString().slice(11, 19)} ${name}: ${line}`);
}

function versionOf(program: string): string {
  const env = { ...process.env, LITELLM_LOCAL_MODEL_COST_MAP: 'True' };
  const { stdout, status } = spawnSync(program, ['--version'], { encoding: 'utf8', env });
  const version = /\d+\.\d+\.\d+/.exec(stdout ?? '')?.[0];
  if (status === 0 && version !== undefined) return version;
  console.error(`${program} cannot be run\n\n${HELP}`);
  process.exit(1);
}
