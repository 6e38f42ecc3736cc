import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { allswell, bare, direct, litellm, nginx, portkey } from './gateways.ts';
import type { Gateway, Started } from './gateways.ts';
import { shares } from './profile.ts';
import { coresHere, createProcesses, messageOf } from './processes.ts';
import { figuresOf, tables } from './report.ts';
import type { Figures } from './report.ts';
import { loads, measure, quickLoads } from './rounds.ts';
import type { Stand } from './rounds.ts';
import { soak } from './soak.ts';

/**
 * `--check`: least share of bare Node's requests/s, with 64 connections and an upstream that answers at once. Measured on
 * machines that other work kept busy: 0.36 to 0.54. A pod whose heap stays small under load has 0.26.
 */
const LEAST_OF_BARE = 0.3;

const HELP = `npm run bench:gateway -- [--quick] [--check] [--rounds 7] [--seconds 2] [--portkey FOLDER] [--litellm PROGRAM]
                         [--workers 2,4] [--profile FOLDER] [--soak MINUTES]

  --quick            five short rounds of the main loads, no comparison with others
  --check            exit 1 if allswell answers less than ${LEAST_OF_BARE} of bare Node's requests/s; writes nothing
  --rounds N         default 7
  --seconds N        length of one load                           default 2
  --portkey FOLDER   an installed package @portkey-ai/gateway, to measure it, too
  --litellm PROGRAM  LiteLLM's program, likewise (.ci/fetch-litellm gets one)
  --workers N,M      measures allswell with so many workers, too, on all cores but the last
  --profile FOLDER   profiles bare Node and allswell with --cpu-prof, and prints where the pod's time goes;
                     their figures are worse then, and are not written
  --soak MINUTES     instead of all else: steady load on allswell; exit 1 if its memory grows by more than 10 % from the second
                     minute to the last, or a request fails. At least 3
  --help             this text

Measures direct, nginx where installed, a bare Node proxy and allswell in interleaved rounds, and writes the medians to
bench/results/gateway.json and gateway.md. Read the ratios: other processes of the machine count in all of them.
`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    portkey: { type: 'string' },
    litellm: { type: 'string' },
    workers: { type: 'string' },
    profile: { type: 'string' },
    soak: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else await run();

async function run(): Promise<void> {
  const cores = coresHere();
  if (cores === undefined) say('processes are not pinned: this needs Linux, taskset and two processor cores');
  const processes = createProcesses(cores);
  const folder = mkdtempSync(join(tmpdir(), 'allswell-bench-'));
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    await processes.stop();
    for (const one of stops.toReversed()) {
      // oxlint-disable-next-line no-await-in-loop -- in reverse order of their start
      await one();
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const interrupted = (): void => void stop().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const load = processes.start('others', [process.execPath, fileOf('load.ts')]);
    const upstream = processes.start('others', [process.execPath, fileOf('upstream.ts')]);
    const [upstreamPort] = await Promise.all([messageOf<number>(upstream), messageOf(load)]);
    const input = {
      processes,
      upstreamPort,
      folder,
      profileFolder: values.profile,
      atEnd: (one: () => Promise<void>) => void stops.push(one),
    };
    const started: Started[] = [direct(input)];
    if (!values.quick) started.push(await nginx(input));
    started.push(await bare(input), await allswell(input));
    for (const count of values.workers?.split(',') ?? []) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as all others
      started.push(await allswell(input, positive('--workers', count)));
    }
    if (!values.quick) started.push(await portkey(input, values.portkey), await litellm(input, values.litellm));
    const gateways = started.filter(isRunning);
    for (const one of started) if ('skipped' in one) say(`${one.name} is not measured: ${one.skipped}`);
    if (values.soak !== undefined) {
      await runSoak({ load, upstream, gateways });
      return;
    }
    const { samples, memory } = await measure({ load, upstream, gateways, ...extent(), say });
    report(figuresOf(samples, memory), samples.find(({ why }) => why !== null)?.why ?? null);
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await stop();
  }
  if (values.profile !== undefined) console.log(shares(values.profile));
}

async function runSoak(stand: Stand): Promise<void> {
  const minutes = Math.max(3, positive('--soak', values.soak ?? ''));
  const { firstMb, secondMb, requests, failed, isKept } = await soak({ ...stand, say }, { name: 'allswell', minutes });
  const growth = `${Math.round(firstMb)} MB in minute 2, ${Math.round(secondMb)} MB in minute ${minutes}`;
  console.log(`${growth}; ${requests} requests, ${failed} failed: ${isKept ? 'kept' : 'MISSED'}`);
  process.exitCode = isKept ? 0 : 1;
}

function extent(): { loads: typeof loads; rounds: number; loadMs: number; warmUpMs: number } {
  const { quick } = values;
  return {
    loads: quick ? quickLoads : loads,
    rounds: positive('--rounds', values.rounds ?? (quick ? '5' : '7')),
    loadMs: positive('--seconds', values.seconds ?? (quick ? '0.5' : '2')) * 1_000,
    warmUpMs: quick ? 8_000 : 20_000,
  };
}

function report(figures: readonly Figures[], firstFailure: string | null): void {
  console.log(tables(figures));
  if (firstFailure !== null) console.log(`first failure: ${firstFailure}`);
  const ratio = figures.find(({ gateway }) => gateway.startsWith('allswell'))?.loads['fast-64']?.ofBare ?? NaN;
  if (values.check) {
    const isKept = ratio >= LEAST_OF_BARE;
    console.log(
      `allswell answers ${ratio.toFixed(2)} of bare Node's requests/s; at least ${LEAST_OF_BARE} is ${isKept ? 'kept' : 'MISSED'}`,
    );
    process.exitCode = isKept ? 0 : 1;
  } else if (!values.quick && values.profile === undefined) keep(figures);
}

function keep(figures: readonly Figures[]): void {
  const folder = new URL('../results/', import.meta.url);
  const machine = `${cpus().length} processors, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  const day = new Date().toISOString().slice(0, 10);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL('gateway.json', folder), `${JSON.stringify({ day, machine, figures }, null, 2)}\n`);
  writeFileSync(
    new URL('gateway.md', folder),
    `# Gateway benchmark

Made by \`npm run bench:gateway\` on ${day}: ${machine}. The gateway has one core, load generator, upstream and Redis share
the other. Interleaved rounds, medians; ratios are those of the same round. Read the ratios: the machine is shared.

${tables(figures)}`,
  );
}

function isRunning(one: Started): one is Gateway {
  return 'port' in one;
}

function fileOf(name: string): string {
  return new URL(name, import.meta.url).pathname;
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  console.error(`${flag} takes a number above 0; got: ${text}`);
  process.exit(2);
}

function say(line: string): void {
  console.error(line);
}
