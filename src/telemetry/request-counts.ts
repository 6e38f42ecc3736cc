import type {
  AttemptResult,
  DeploymentMetrics,
  GroupMetrics,
  RefusalReason,
  RequestMetrics,
  AnswerOutcome,
  RunningAttempts,
  UnplacedReason,
} from '../ports/index.ts';
import { requestMetricList } from './request-metric-list.ts';

/** Counts of requests in plain numbers. They can be taken out in one process and added in another. */
export interface RequestCounts extends RequestMetrics {
  readonly groups: ReadonlyMap<string, GroupCounts>;
  readonly deployments: ReadonlyMap<string, DeploymentCounts>;
  readonly refusals: ReadonlyMap<RefusalReason, number>;
  /** Everything counted since the last call, which then counts from zero; undefined for nothing. */
  take(): TakenCounts | undefined;
  /** Adds what another process took. */
  add(taken: TakenCounts): void;
  /** Deployments with attempts in flight in this process. */
  running(): readonly RunningAttempts[];
}

/** Counts as plain data, for another process. */
export interface TakenCounts {
  readonly groups: readonly TakenGroup[];
  readonly deployments: readonly TakenDeployment[];
  readonly refusals: readonly (readonly [reason: RefusalReason, count: number])[];
}

export interface TakenGroup {
  readonly name: string;
  readonly ends: readonly TakenEnd[];
  readonly durations: TakenHistogram;
  readonly firstBytes: TakenHistogram;
  readonly failovers: number;
  readonly panics: number;
  readonly unroutable: number;
  readonly unplaced: readonly (readonly [why: UnplacedReason, count: number])[];
  readonly retriesRefused: number;
}

/** Requests that ended one way. */
export type TakenEnd = readonly [outcome: AnswerOutcome, status: number, count: number];

export interface TakenDeployment {
  readonly id: string;
  readonly group: string;
  readonly results: readonly (readonly [result: AttemptResult, count: number])[];
  readonly input: number;
  readonly output: number;
  readonly abandoned: number;
}

/** One count for each bucket, and one for what is above all. */
export interface TakenHistogram {
  readonly counts: readonly number[];
  readonly sum: number;
}

/** Counts nothing yet. */
export function createRequestCounts(): RequestCounts {
  const groups = new Map<string, GroupCounts>();
  const deployments = new Map<string, DeploymentCounts>();
  const refusals = new Map<RefusalReason, number>();
  const group = (name: string): GroupCounts => {
    const known = groups.get(name) ?? newGroup();
    groups.set(name, known);
    return known;
  };
  const deployment = (id: string, ofGroup: string): DeploymentCounts => {
    const known = deployments.get(id) ?? newDeployment(ofGroup);
    deployments.set(id, known);
    return known;
  };
  return {
    groups,
    deployments,
    refusals,
    group,
    deployment,
    refused: (reason) => void refusals.set(reason, (refusals.get(reason) ?? 0) + 1),
    take: () => {
      const taken = {
        groups: [...groups].flatMap(([name, one]) => takeGroup(name, one)),
        deployments: [...deployments].flatMap(([id, one]) => takeDeployment(id, one)),
        refusals: [...refusals],
      };
      refusals.clear();
      const { length } = [...taken.groups, ...taken.deployments, ...taken.refusals];
      return length === 0 ? undefined : taken;
    },
    add: (taken) => {
      for (const one of taken.groups) addGroup(group(one.name), one);
      for (const one of taken.deployments) addDeployment(deployment(one.id, one.group), one);
      addTo(refusals, taken.refusals);
    },
    running: () =>
      [...deployments].flatMap(([id, { group: ofGroup, inFlight: count }]) =>
        count === 0 ? [] : [{ deployment: id, group: ofGroup, count }],
      ),
  };
}

export interface GroupCounts extends GroupMetrics {
  /** Requests by how they ended, and by status. */
  readonly byEnd: Map<AnswerOutcome, Map<number, number>>;
  readonly durations: HistogramCounts;
  readonly firstBytes: HistogramCounts;
  readonly byUnplaced: Map<UnplacedReason, number>;
  failovers: number;
  panics: number;
  /** Requests whose first attempt went to a deployment that is not routable. */
  unroutables: number;
  retriesRefused: number;
}

export interface DeploymentCounts extends DeploymentMetrics {
  readonly group: string;
  readonly byResult: Map<AttemptResult, number>;
  readonly totals: { input: number; output: number };
  inFlight: number;
  /** Clients that left before the first byte. */
  abandonments: number;
}

function newGroup(): GroupCounts {
  const byEnd: GroupCounts['byEnd'] = new Map();
  const byUnplaced: GroupCounts['byUnplaced'] = new Map();
  const durations = newHistogram();
  const firstBytes = newHistogram();
  const counts: GroupCounts = {
    byEnd,
    byUnplaced,
    durations,
    firstBytes,
    failovers: 0,
    panics: 0,
    unroutables: 0,
    retriesRefused: 0,
    ended: ({ outcome, status }, durationMs) => {
      addEnd(byEnd, [outcome, status, 1]);
      observe(durations, durationMs / 1_000);
    },
    firstByte: (ms) => observe(firstBytes, ms / 1_000),
    failedOver: () => void (counts.failovers += 1),
    panicked: () => void (counts.panics += 1),
    unroutable: () => void (counts.unroutables += 1),
    unplaced: (why) => addTo(byUnplaced, [[why, 1]]),
    retryRefused: () => void (counts.retriesRefused += 1),
  };
  return counts;
}

function newDeployment(group: string): DeploymentCounts {
  const byResult = new Map<AttemptResult, number>();
  const totals = { input: 0, output: 0 };
  const counts: DeploymentCounts = {
    group,
    byResult,
    totals,
    inFlight: 0,
    abandonments: 0,
    began: () => void (counts.inFlight += 1),
    ended: () => void (counts.inFlight -= 1),
    abandoned: () => void (counts.abandonments += 1),
    attempted: (result) => void byResult.set(result, (byResult.get(result) ?? 0) + 1),
    tokens: (input, output) => {
      totals.input += input;
      totals.output += output;
    },
  };
  return counts;
}

export interface HistogramCounts {
  /** One for each bucket, and one for what is above all. */
  readonly counts: Float64Array;
  sum: number;
}

/** Upper bounds of the histograms, s. */
export const BUCKETS: readonly number[] = requestMetricList.requestDuration.buckets ?? [];

function newHistogram(): HistogramCounts {
  return { counts: new Float64Array(BUCKETS.length + 1), sum: 0 };
}

function observe(histogram: HistogramCounts, value: number): void {
  let bucket = 0;
  while (bucket < BUCKETS.length && value > (BUCKETS[bucket] ?? 0)) bucket += 1;
  histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1;
  histogram.sum += value;
}

function takeGroup(name: string, counts: GroupCounts): readonly TakenGroup[] {
  const { byEnd, byUnplaced, durations, firstBytes, failovers, panics, unroutables, retriesRefused } = counts;
  if (byEnd.size + byUnplaced.size + panics + unroutables + retriesRefused === 0) return [];
  const taken = {
    name,
    ends: endsOf(counts),
    durations: takeHistogram(durations),
    firstBytes: takeHistogram(firstBytes),
    failovers,
    panics,
    unroutable: unroutables,
    unplaced: [...byUnplaced],
    retriesRefused,
  };
  byEnd.clear();
  byUnplaced.clear();
  counts.failovers = 0;
  counts.panics = 0;
  counts.unroutables = 0;
  counts.retriesRefused = 0;
  return [taken];
}

/** Requests of a group by how they ended, and by status. */
export function endsOf({ byEnd }: Pick<GroupCounts, 'byEnd'>): TakenEnd[] {
  return [...byEnd].flatMap(([outcome, byStatus]) =>
    [...byStatus].map(([status, count]): TakenEnd => [outcome, status, count]),
  );
}

function takeDeployment(id: string, counts: DeploymentCounts): readonly TakenDeployment[] {
  const { group, byResult, totals, abandonments: abandoned } = counts;
  if (byResult.size === 0 && totals.input + totals.output + abandoned === 0) return [];
  const taken = { id, group, results: [...byResult], ...totals, abandoned };
  byResult.clear();
  totals.input = 0;
  totals.output = 0;
  counts.abandonments = 0;
  return [taken];
}

function takeHistogram(histogram: HistogramCounts): TakenHistogram {
  const taken = { counts: [...histogram.counts], sum: histogram.sum };
  histogram.counts.fill(0);
  histogram.sum = 0;
  return taken;
}

function addGroup(counts: GroupCounts, taken: TakenGroup): void {
  for (const end of taken.ends) addEnd(counts.byEnd, end);
  addTo(counts.byUnplaced, taken.unplaced);
  addHistogram(counts.durations, taken.durations);
  addHistogram(counts.firstBytes, taken.firstBytes);
  counts.failovers += taken.failovers;
  counts.panics += taken.panics;
  counts.unroutables += taken.unroutable;
  counts.retriesRefused += taken.retriesRefused;
}

function addDeployment(counts: DeploymentCounts, { results, input, output, abandoned }: TakenDeployment): void {
  addTo(counts.byResult, results);
  counts.totals.input += input;
  counts.totals.output += output;
  counts.abandonments += abandoned;
}

function addHistogram(histogram: HistogramCounts, { counts, sum }: TakenHistogram): void {
  for (const at of histogram.counts.keys()) {
    histogram.counts[at] = (histogram.counts[at] ?? 0) + (counts[at] ?? 0);
  }
  histogram.sum += sum;
}

function addEnd(byEnd: GroupCounts['byEnd'], [outcome, status, count]: TakenEnd): void {
  const byStatus = byEnd.get(outcome) ?? new Map<number, number>();
  byEnd.set(outcome, byStatus);
  byStatus.set(status, (byStatus.get(status) ?? 0) + count);
}

function addTo<Key>(counts: Map<Key, number>, added: readonly (readonly [Key, number])[]): void {
  for (const [key, count] of added) counts.set(key, (counts.get(key) ?? 0) + count);
}
