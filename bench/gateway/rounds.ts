import type { ChildProcess } from 'node:child_process';
import { MODEL } from './gateways.ts';
import type { Gateway } from './gateways.ts';
import type { LoadJob, LoadResult, UpstreamPace } from './job.ts';
import { cpuMs, memoryMb, messageOf } from './processes.ts';

/** One kind of load. */
export interface Load extends Pick<LoadJob, 'answer' | 'connections' | 'perSecond'> {
  readonly name: LoadName;
  readonly pace: UpstreamPace;
  /** `one-each`: only for the number of complete answers. */
  readonly until: 'time' | 'one-each';
  /** Default: a short one. */
  readonly promptBytes?: number;
  /** How many times as long as the others it lasts: for a percentile of few requests. Default: 1. */
  readonly times?: number;
}

export type LoadName =
  | 'latency'
  | 'open-50'
  | 'open-200'
  | 'fast-64'
  | 'slow-64'
  | 'slow-256'
  | 'slow-1024'
  | 'large'
  | 'streams'
  | 'streams-512'
  | 'streams-2000';

const FAST: UpstreamPace = { delayMs: 0, pauseMs: 0 };
const SLOW: UpstreamPace = { delayMs: 20, pauseMs: 0 };

/** Every load, in the order of a round. */
export const loads: readonly Load[] = [
  { name: 'latency', answer: 'whole', connections: 1, pace: FAST, until: 'time' },
  { name: 'open-50', answer: 'whole', connections: 64, perSecond: 50, pace: FAST, until: 'time', times: 4 },
  { name: 'open-200', answer: 'whole', connections: 64, perSecond: 200, pace: FAST, until: 'time', times: 2 },
  { name: 'fast-64', answer: 'whole', connections: 64, pace: FAST, until: 'time' },
  { name: 'slow-64', answer: 'whole', connections: 64, pace: SLOW, until: 'time' },
  { name: 'slow-256', answer: 'whole', connections: 256, pace: SLOW, until: 'time' },
  { name: 'slow-1024', answer: 'whole', connections: 1_024, pace: SLOW, until: 'time' },
  { name: 'large', answer: 'whole', connections: 16, pace: FAST, until: 'time', promptBytes: 200_000 },
  { name: 'streams', answer: 'stream', connections: 32, pace: FAST, until: 'time' },
  { name: 'streams-512', answer: 'stream', connections: 512, pace: { delayMs: 0, pauseMs: 20 }, until: 'one-each' },
  { name: 'streams-2000', answer: 'stream', connections: 2_000, pace: { delayMs: 0, pauseMs: 300 }, until: 'one-each' },
];

/** Those of `--quick`. */
export const quickLoads: readonly Load[] = loads.filter(({ name }) =>
  ['latency', 'fast-64', 'streams', 'streams-512'].includes(name),
);

/** One load on one gateway in one round. */
export interface Sample extends LoadResult {
  readonly gateway: string;
  readonly load: LoadName;
  readonly round: number;
  /** Processor time of the gateway's process for 1,000 complete answers, ms; null for `direct`. */
  readonly cpuMsPer1000: number | null;
  /** Processor time of the gateway's process in the time of the load: near 1, the gateway is the limit. */
  readonly busy: number | null;
}

export interface Memory {
  readonly idleMb: number;
  readonly peakMb: number;
}

export interface Stand {
  readonly load: ChildProcess;
  readonly upstream: ChildProcess;
  readonly gateways: readonly Gateway[];
}

export interface RoundsInput extends Stand {
  readonly loads: readonly Load[];
  readonly rounds: number;
  /** Length of one load. */
  readonly loadMs: number;
  /** Longest warm-up of one gateway. */
  readonly warmUpMs: number;
  readonly say: (line: string) => void;
}

/** All loads on all gateways, one after another, each round in another order of the gateways: so a busy minute of the machine hits all. */
export async function measure(
  input: RoundsInput,
): Promise<{ samples: readonly Sample[]; memory: ReadonlyMap<string, Memory> }> {
  const { gateways, rounds, say } = input;
  const idle = new Map(gateways.map(({ name, pid }) => [name, pid === undefined ? 0 : memoryMb(pid, 'VmRSS')]));
  for (const gateway of gateways) {
    // oxlint-disable-next-line no-await-in-loop -- loads share the machine: one after another
    await warmUp(gateway, input);
  }
  const samples: Sample[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    say(`round ${round} of ${rounds}`);
    for (const load of input.loads) {
      if (load.until === 'one-each' && round > 1) continue;
      // oxlint-disable-next-line no-await-in-loop
      samples.push(...(await onAll(load, round, input)));
    }
  }
  const measured = gateways.flatMap(({ name, pid }) =>
    pid === undefined ? [] : [[name, { idleMb: idle.get(name) ?? 0, peakMb: memoryMb(pid, 'VmHWM') }] as const],
  );
  const order = gateways.map(({ name }) => name);
  samples.sort((a, b) => order.indexOf(a.gateway) - order.indexOf(b.gateway));
  return { samples, memory: new Map(measured) };
}

/** Requests until Node has compiled the path, on a machine that has time. */
const WARM_REQUESTS = 20_000;

async function warmUp(gateway: Gateway, input: RoundsInput): Promise<void> {
  await setPace(input, FAST);
  const endsAtMs = performance.now() + input.warmUpMs;
  const until = { kind: 'time', ms: 500 } as const;
  let requests = 0;
  while (requests < WARM_REQUESTS && performance.now() < endsAtMs) {
    // oxlint-disable-next-line no-await-in-loop
    const { complete } = await messageOf<LoadResult>(
      input.load,
      jobOf(gateway, { answer: 'whole', connections: 64, until }),
    );
    requests += complete;
  }
  await messageOf(input.load, jobOf(gateway, { answer: 'stream', connections: 32, until }));
}

async function onAll(load: Load, round: number, input: RoundsInput): Promise<readonly Sample[]> {
  const { gateways } = input;
  await setPace(input, load.pace);
  const samples: Sample[] = [];
  for (const offset of gateways.keys()) {
    const gateway = gateways[(offset + round) % gateways.length];
    // oxlint-disable-next-line no-await-in-loop
    if (gateway !== undefined) samples.push(await sample(gateway, load, round, input));
  }
  return samples;
}

async function sample(
  gateway: Gateway,
  load: Load,
  round: number,
  { load: child, loadMs }: RoundsInput,
): Promise<Sample> {
  const { answer, connections, perSecond, promptBytes, times = 1 } = load;
  const until: LoadJob['until'] = load.until === 'time' ? { kind: 'time', ms: loadMs * times } : { kind: 'one-each' };
  const { pid } = gateway;
  const cpuBefore = pid === undefined ? 0 : cpuMs(pid);
  const result = await messageOf<LoadResult>(
    child,
    jobOf(gateway, { answer, connections, until, promptBytes, ...(perSecond !== undefined && { perSecond }) }),
  );
  const usedMs = pid === undefined ? null : cpuMs(pid) - cpuBefore;
  return {
    ...result,
    gateway: gateway.name,
    load: load.name,
    round,
    cpuMsPer1000: usedMs === null ? null : (usedMs / Math.max(1, result.complete)) * 1_000,
    busy: usedMs === null ? null : usedMs / 1_000 / result.seconds,
  };
}

async function setPace({ upstream }: Stand, pace: UpstreamPace): Promise<void> {
  await messageOf(upstream, pace);
}

interface Wanted extends Pick<LoadJob, 'answer' | 'connections' | 'until' | 'perSecond'> {
  readonly promptBytes?: number | undefined;
}

export function jobOf({ port, headers }: Gateway, { promptBytes = 0, ...what }: Wanted): LoadJob {
  const rivers = 'Name three rivers of Europe, and the seas that they flow into. ';
  const messages = [
    { role: 'system', content: 'You are a helpful assistant.' },
    { role: 'user', content: rivers.repeat(Math.max(1, Math.ceil(promptBytes / rivers.length))) },
  ];
  const body = JSON.stringify({
    model: MODEL,
    messages,
    temperature: 0.2,
    max_tokens: 200,
    stream: what.answer === 'stream',
  });
  return { port, path: '/v1/chat/completions', headers, body, ...what };
}
