import type { Clock, RecentDeployment, RecentGroup, RecentRequestsReader, RunningAttempts } from '../ports/index.ts';
import { endsOf } from './request-counts.ts';
import type { DeploymentCounts, GroupCounts, RequestCounts } from './request-counts.ts';

const SAMPLE_MS = 5_000;
/** With the counters of now: a minute. */
const SAMPLES = 12;

/** Statuses of what a client asked for wrongly. */
const CALLER_FAULTS: ReadonlySet<number> = new Set([400, 413, 422]);

export interface RecentRequestsParts {
  readonly counts: Pick<RequestCounts, 'deployments' | 'groups' | 'refusals'>;
  /** Attempts in flight in all processes of the pod. */
  readonly running: () => readonly RunningAttempts[];
  readonly clock: Clock;
}

export interface SampledRequests extends RecentRequestsReader {
  stop(): void;
}

type GroupTally = Omit<RecentGroup, 'group'>;

/** The counters at one time. */
interface Sample {
  readonly atMs: number;
  readonly refused: number;
  readonly groups: ReadonlyMap<string, GroupTally>;
  /** Clients that left before the first byte, by deployment. */
  readonly left: ReadonlyMap<string, number>;
}

/** Compares the counters with samples of the last minute, so that requests pay nothing for it. */
export function createRecentRequests({ counts, running, clock }: RecentRequestsParts): SampledRequests {
  const sampleNow = (): Sample => ({
    atMs: clock.monotonicMs(),
    refused: refusedIn(counts),
    groups: new Map([...counts.groups].map(([name, one]) => [name, tallyOf(one)])),
    left: new Map([...counts.deployments].map(([id, { abandonments }]) => [id, abandonments])),
  });
  const samples = [sampleNow()];
  const take = (): void => {
    samples.push(sampleNow());
    if (samples.length > SAMPLES) samples.shift();
    timer = clock.setTimer(SAMPLE_MS, take);
  };
  let timer = clock.setTimer(SAMPLE_MS, take);
  return {
    recent: () => {
      const now = sampleNow();
      const before = samples[0] ?? now;
      return {
        coveredMs: now.atMs - before.atMs,
        refused: now.refused - before.refused,
        groups: [...now.groups].flatMap(([group, tally]) => groupSince(group, tally, before.groups.get(group))),
        deployments: deploymentsSince(now, before, { deployments: counts.deployments, running: running() }),
      };
    },
    refusedInAll: () => refusedIn(counts),
    stop: () => timer.cancel(),
  };
}

function refusedIn({ refusals }: Pick<RequestCounts, 'refusals'>): number {
  return (refusals.get('in-flight') ?? 0) + (refusals.get('buffered-bytes') ?? 0);
}

function tallyOf(counts: GroupCounts): GroupTally {
  const ends = endsOf(counts);
  const sum = (of: (end: (typeof ends)[number]) => boolean): number =>
    ends.reduce((all, end) => all + (of(end) ? end[2] : 0), 0);
  return {
    requests: sum(() => true),
    answered: sum(([outcome]) => outcome === 'answered'),
    failed: sum(([outcome, status]) => outcome === 'failed' && !CALLER_FAULTS.has(status)),
    brokenOff: sum(([outcome]) => outcome === 'broken-off'),
    leftBeforeAnswer: sum(([outcome]) => outcome === 'left-before-answer'),
    overLimit: counts.byUnplaced.get('over-limit') ?? 0,
    noDeployment: counts.byUnplaced.get('no-deployment') ?? 0,
    unroutable: counts.unroutables,
    retriesRefused: counts.retriesRefused,
  };
}

function groupSince(group: string, now: GroupTally, before: GroupTally | undefined): readonly RecentGroup[] {
  const since = (key: keyof GroupTally): number => now[key] - (before?.[key] ?? 0);
  const recent = {
    group,
    requests: since('requests'),
    answered: since('answered'),
    failed: since('failed'),
    brokenOff: since('brokenOff'),
    leftBeforeAnswer: since('leftBeforeAnswer'),
    overLimit: since('overLimit'),
    noDeployment: since('noDeployment'),
    unroutable: since('unroutable'),
    retriesRefused: since('retriesRefused'),
  };
  return recent.requests + recent.unroutable + recent.retriesRefused === 0 ? [] : [recent];
}

interface DeploymentsNow {
  readonly deployments: ReadonlyMap<string, DeploymentCounts>;
  readonly running: readonly RunningAttempts[];
}

function deploymentsSince(now: Sample, before: Sample, { deployments, running }: DeploymentsNow): RecentDeployment[] {
  const inFlight = new Map(running.map(({ deployment, count }) => [deployment, count]));
  return [...deployments].flatMap(([deployment, { group }]): RecentDeployment[] => {
    const leftBeforeAnswer = (now.left.get(deployment) ?? 0) - (before.left.get(deployment) ?? 0);
    const one = { deployment, group, inFlight: inFlight.get(deployment) ?? 0, leftBeforeAnswer };
    return one.inFlight + leftBeforeAnswer === 0 ? [] : [one];
  });
}
