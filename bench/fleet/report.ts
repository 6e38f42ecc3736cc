import type { Figures } from './measure.ts';

/** A promise of the product about one case. */
interface Aim {
  readonly what: string;
  readonly holds: (figures: Figures) => boolean;
  readonly shown: (figures: Figures) => string;
}

/** News goes through a script, a transaction of its own and a reader that judges: so many bare messages' time, on a slow machine. */
const P50_OF_BARE = 6;
const P99_OF_BARE = 8;
/** Likewise a pod's start, of that of a server that does nothing. */
const START_OF_BARE = 25;

const promises: readonly Aim[] = [
  {
    what: 'probes per target per interval between 0.95 and 1.05, each target within one probe of it',
    holds: ({ probes, probesLeast, probesMost, intervals }) =>
      Math.abs(probes - 1) <= 0.05 && probesLeast >= 1 - 1 / intervals && probesMost <= 1 + 1 / intervals,
    shown: ({ probes, probesLeast, probesMost }) => `${two(probes)} (${two(probesLeast)} to ${two(probesMost)})`,
  },
  {
    what: 'round trips per target per interval at most 3',
    holds: ({ roundTrips }) => roundTrips <= 3,
    shown: ({ roundTrips }) => two(roundTrips),
  },
  {
    what: `propagation p50 at most 2 ms and p99 at most 10 ms at 3 pods, p99 at most 50 ms above, or ${P50_OF_BARE} and ${P99_OF_BARE} times a bare message's`,
    holds: ({ pods, propagationP50: p50, propagationP99: p99, bareNewsP50, bareNewsP99 }) => {
      if (p50 === null || p99 === null) return pods === 1;
      const few = pods <= 3;
      const p50Holds = !few || p50 <= Math.max(2, P50_OF_BARE * bareNewsP50);
      return p50Holds && p99 <= Math.max(few ? 10 : 50, P99_OF_BARE * bareNewsP99);
    },
    shown: ({ propagationP50, propagationP99, bareNewsP50, bareNewsP99 }) =>
      `p50 ${shown(propagationP50)}, p99 ${shown(propagationP99)} ms, bare ${two(bareNewsP50)} and ${two(bareNewsP99)}`,
  },
  {
    what: `start to liveness at most 1 s up to 200 targets, or ${START_OF_BARE} times a bare server's`,
    holds: ({ targets, livenessMs, bareStartMs }) =>
      targets > 200 || livenessMs <= Math.max(1_000, START_OF_BARE * bareStartMs),
    shown: ({ livenessMs, bareStartMs }) => `${Math.round(livenessMs)} ms, bare ${Math.round(bareStartMs)}`,
  },
  {
    what: 'at most 120 MB per pod up to 200 targets',
    holds: ({ targets, podMb }) => targets > 200 || podMb <= 120,
    shown: ({ podMb }) => `${Math.round(podMb)} MB`,
  },
];

/** Lines naming every promise a case breaks. */
export function misses(figures: Figures): string[] {
  const broken = promises.filter(({ holds }) => !holds(figures));
  return broken.map(
    ({ what, shown: show }) => `${figures.pods} pods, ${figures.targets} targets: ${what}; measured ${show(figures)}`,
  );
}

/** All cases as one Markdown table. */
export function table(all: readonly Figures[]): string {
  const rows = all.map((figures) => {
    const { pods, targets, intervalS, probes, probesLeast, probesMost, roundTrips, roundTripsApart, redisBytes } =
      figures;
    const cells = [
      pods,
      targets,
      `${intervalS} s`,
      `${two(probes)} (${two(probesLeast)}–${two(probesMost)})`,
      two(roundTrips),
      two(roundTripsApart),
      Math.round(redisBytes),
      shown(figures.propagationP50),
      shown(figures.propagationP99),
      shown(figures.propagationWithin),
      figures.changesSeen,
      two(figures.podCpuPercent),
      Math.round(figures.podMb),
      two(figures.redisCpuPercent),
      Math.round(figures.redisBytesPerTarget),
      Math.round(figures.livenessMs),
      bareOf(figures),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return `| pods | targets | interval | probes per target per interval (least–most) | round trips: claim, renew, commit | round trips: the rest | bytes to and from Redis | propagation p50 ms | p99 ms | all within ms | changes seen | CPU % per pod | MB per pod | CPU % of Redis | bytes in Redis per target | start → liveness ms | bare: message p50, p99, start ms |
|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
${rows.join('\n')}
`;
}

/** Cases that were measured before this was have none. */
function bareOf({ bareNewsP50, bareNewsP99, bareStartMs }: Partial<Figures>): string {
  if (bareNewsP50 === undefined || bareNewsP99 === undefined || bareStartMs === undefined) return '–';
  return `${two(bareNewsP50)}, ${two(bareNewsP99)}, ${Math.round(bareStartMs)}`;
}

function two(value: number): string {
  return value.toFixed(2);
}

function shown(value: number | null): string {
  return value === null ? '–' : value.toFixed(1);
}
