import type { LoadName, Memory, Sample } from './rounds.ts';

/** Figures of one gateway: medians over the rounds. */
export interface Figures {
  readonly gateway: string;
  /** Above `direct` in the same round, µs. */
  readonly addedP50Us: number;
  readonly addedP99Us: number;
  /** The same where requests come at their times, 50 and 200 per second. */
  readonly addedOpen: { readonly p99Us50: number; readonly p99Us200: number };
  readonly loads: Readonly<Partial<Record<LoadName, LoadFigures>>>;
  readonly memory?: Memory;
}

export interface LoadFigures {
  readonly perSecond: number;
  readonly p99Ms: number;
  /** Requests/s divided by those of bare Node in the same round. */
  readonly ofBare: number;
  readonly cpuMsPer1000: number | null;
  readonly cpuOfBare: number | null;
  readonly busy: number | null;
  /** Of all rounds. */
  readonly complete: number;
  readonly failed: number;
}

const BARE = 'bare Node';
const DIRECT = 'direct';

export function figuresOf(samples: readonly Sample[], memory: ReadonlyMap<string, Memory>): readonly Figures[] {
  return [...new Set(samples.map(({ gateway }) => gateway))].map((gateway) => {
    const own = samples.filter((one) => one.gateway === gateway);
    const names = [...new Set(own.map(({ load }) => load))];
    const added = (of: (sample: Sample) => number, name: LoadName = 'latency'): number =>
      median(own.filter(({ load }) => load === name).map((one) => of(one) - at(samples, DIRECT, one, of)));
    const kept = memory.get(gateway);
    return {
      gateway,
      addedP50Us: added(({ p50Us }) => p50Us),
      addedP99Us: added(({ p99Us }) => p99Us),
      addedOpen: { p99Us50: added(({ p99Us }) => p99Us, 'open-50'), p99Us200: added(({ p99Us }) => p99Us, 'open-200') },
      loads: Object.fromEntries(
        names.map((name) => [
          name,
          loadFigures(
            own.filter(({ load }) => load === name),
            samples,
          ),
        ]),
      ),
      ...(kept !== undefined && { memory: kept }),
    };
  });
}

function loadFigures(own: readonly Sample[], all: readonly Sample[]): LoadFigures {
  const each = (of: (sample: Sample) => number | null): number | null => {
    const known = own.map(of).filter((value) => value !== null);
    return known.length === 0 ? null : median(known);
  };
  return {
    perSecond: median(own.map(perSecond)),
    p99Ms: median(own.map(({ p99Us }) => p99Us / 1_000)),
    ofBare: median(own.map((one) => perSecond(one) / at(all, BARE, one, perSecond))),
    cpuMsPer1000: each(({ cpuMsPer1000 }) => cpuMsPer1000),
    cpuOfBare: each((one) =>
      one.cpuMsPer1000 === null
        ? null
        : one.cpuMsPer1000 / at(all, BARE, one, ({ cpuMsPer1000 }) => cpuMsPer1000 ?? NaN),
    ),
    busy: each(({ busy }) => busy),
    complete: sum(own.map(({ complete }) => complete)),
    failed: sum(own.map(({ failed }) => failed)),
  };
}

function perSecond({ inTime, seconds }: Sample): number {
  return inTime / seconds;
}

/** The same figure of another gateway, in the same round. */
function at(all: readonly Sample[], gateway: string, like: Sample, of: (sample: Sample) => number): number {
  const found = all.find((one) => one.gateway === gateway && one.load === like.load && one.round === like.round);
  return found === undefined ? NaN : of(found);
}

/** Three Markdown tables: requests, then streams and memory, then loads that a quick run leaves out. */
export function tables(all: readonly Figures[]): string {
  const requests = all.map(({ gateway, addedP50Us, addedP99Us, loads }) => {
    const fast = loads['fast-64'];
    const isDirect = gateway === DIRECT;
    return [
      gateway,
      isDirect ? '–' : `${whole(addedP50Us)} / ${whole(addedP99Us)}`,
      rate(fast),
      ratio(fast?.ofBare),
      rate(loads['slow-64']),
      rate(loads['slow-256']),
      fast?.cpuMsPer1000 === undefined || fast.cpuMsPer1000 === null ? '–' : fast.cpuMsPer1000.toFixed(1),
      ratio(fast?.cpuOfBare),
      fast?.busy === undefined || fast.busy === null ? '–' : `${whole(fast.busy * 100)} %`,
    ];
  });
  const streams = all.map(({ gateway, loads, memory }) => {
    const cpu = loads.streams?.cpuMsPer1000;
    return [
      gateway,
      rate(loads.streams),
      ratio(loads.streams?.ofBare),
      completeOf(loads['streams-512']),
      cpu === undefined || cpu === null ? '–' : whole(cpu),
      memory === undefined ? '–' : `${whole(memory.idleMb)} → ${whole(memory.peakMb)}`,
    ];
  });
  return `${table(
    [
      'gateway',
      'added p50 / p99 µs, 1 connection',
      'requests/s (p99 ms), 64 connections, 0 ms upstream',
      'of bare Node',
      '64 connections, 20 ms',
      '256 connections, 20 ms',
      'CPU ms per 1,000 requests',
      'of bare Node',
      'core busy',
    ],
    requests,
  )}
${table(
  [
    'gateway',
    'streams/s (p99 ms), 32 at a time',
    'of bare Node',
    'complete of 512 streams',
    'CPU ms per 1,000 streams',
    'memory idle → peak MB',
  ],
  streams,
)}${all.some(({ loads }) => loads['slow-1024'] !== undefined) ? `\n${largeLoads(all)}` : ''}`;
}

function largeLoads(all: readonly Figures[]): string {
  return table(
    [
      'gateway',
      'added p99 µs, 50/s',
      'added p99 µs, 200/s',
      'requests/s (p99 ms), 1,024 connections, 20 ms',
      'of bare Node',
      'requests/s (p99 ms), prompts of 200 kB',
      'of bare Node',
      'complete of 2,000 open streams',
    ],
    all.map(({ gateway, addedOpen, loads }) => [
      gateway,
      ...(gateway === DIRECT ? ['–', '–'] : [whole(addedOpen.p99Us50), whole(addedOpen.p99Us200)]),
      rate(loads['slow-1024']),
      ratio(loads['slow-1024']?.ofBare),
      rate(loads.large),
      ratio(loads.large?.ofBare),
      completeOf(loads['streams-2000']),
    ]),
  );
}

function completeOf(figures: LoadFigures | undefined): string {
  return figures === undefined ? '–' : `${figures.complete} of ${figures.complete + figures.failed}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return `${line(head)}|---|${'--:|'.repeat(head.length - 1)}\n${rows.map(line).join('')}`;
}

function rate(figures: LoadFigures | undefined): string {
  if (figures === undefined) return '–';
  const failed = figures.failed === 0 ? '' : `, ${figures.failed} failed`;
  return `${whole(figures.perSecond)} (${figures.p99Ms.toFixed(1)}${failed})`;
}

function ratio(value: number | null | undefined): string {
  return value === undefined || value === null || Number.isNaN(value) ? '–' : value.toFixed(2);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0);
}
