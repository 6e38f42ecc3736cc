import type { Figures } from './measure.ts';

/** A promise of the product about one case. */
interface Aim {
  readonly what: string;
  readonly holds: (figures: Figures) => boolean;
  readonly shown: (figures: Figures) => string;
}

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
    what: 'propagation p50 at most 2 ms and p99 at most 10 ms at 3 pods, p99 at most 50 ms above',
    holds: ({ pods, propagationP50, propagationP99 }) => {
      if (propagationP50 === null || propagationP99 === null) return pods === 1;
      return pods <= 3 ? propagationP50 <= 2 && propagationP99 <= 10 : propagationP99 <= 50;
    },
    shown: ({ propagationP50, propagationP99 }) => `p50 ${shown(propagationP50)}, p99 ${shown(propagationP99)} ms`,
  },
  {
    what: 'start to liveness at most 1 s up to 200 targets',
    holds: ({ targets, livenessMs }) => targets > 200 || livenessMs <= 1_000,
    shown: ({ livenessMs }) => `${Math.round(livenessMs)} ms`,
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
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return `| pods | targets | interval | probes per target per interval (least–most) | round trips: claim, renew, commit | round trips: the rest | bytes to and from Redis | propagation p50 ms | p99 ms | all within ms | changes seen | CPU % per pod | MB per pod | CPU % of Redis | bytes in Redis per target | start → liveness ms |
|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
${rows.join('\n')}
`;
}

function two(value: number): string {
  return value.toFixed(2);
}

function shown(value: number | null): string {
  return value === null ? '–' : value.toFixed(1);
}
