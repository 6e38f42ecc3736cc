import type { AttemptResult, DeploymentMetrics, GroupMetrics, RefusalReason, RequestMetrics } from '../ports/index.ts';
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
}

/** Counts as plain data, for another process. */
export interface TakenCounts {
  readonly groups: readonly TakenGroup[];
  readonly deployments: readonly TakenDeployment[];
  readonly refusals: readonly (readonly [reason: RefusalReason, count: number])[];
}

export interface TakenGroup {
  readonly name: string;
  readonly statuses: readonly (readonly [status: number, count: number])[];
  readonly durations: TakenHistogram;
  readonly firstBytes: TakenHistogram;
  readonly failovers: number;
  readonly panics: number;
}

export interface TakenDeployment {
  readonly id: string;
  readonly group: string;
  readonly results: readonly (readonly [result: AttemptResult, count: number])[];
  readonly input: number;
  readonly output: number;
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
  };
}

export interface GroupCounts extends GroupMetrics {
  readonly byStatus: Map<number, number>;
  readonly durations: HistogramCounts;
  readonly firstBytes: HistogramCounts;
  failovers: number;
  panics: number;
}

export interface DeploymentCounts extends DeploymentMetrics {
  readonly group: string;
  readonly byResult: Map<AttemptResult, number>;
  readonly totals: { input: number; output: number };
}

function newGroup(): GroupCounts {
  const byStatus = new Map<number, number>();
  const durations = newHistogram();
  const firstBytes = newHistogram();
  const counts: GroupCounts = {
    byStatus,
    durations,
    firstBytes,
    failovers: 0,
    panics: 0,
    ended: (status, durationMs) => {
      byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
      observe(durations, durationMs / 1_000);
    },
    firstByte: (ms) => observe(firstBytes, ms / 1_000),
    failedOver: () => void (counts.failovers += 1),
    panicked: () => void (counts.panics += 1),
  };
  return counts;
}

function newDeployment(group: string): DeploymentCounts {
  const byResult = new Map<AttemptResult, number>();
  const totals = { input: 0, output: 0 };
  return {
    group,
    byResult,
    totals,
    attempted: (result) => void byResult.set(result, (byResult.get(result) ?? 0) + 1),
    tokens: (input, output) => {
      totals.input += input;
      totals.output += output;
    },
  };
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
  const { byStatus, durations, firstBytes, failovers, panics } = counts;
  if (byStatus.size === 0 && panics === 0) return [];
  const taken = {
    name,
    statuses: [...byStatus],
    durations: takeHistogram(durations),
    firstBytes: takeHistogram(firstBytes),
    failovers,
    panics,
  };
  byStatus.clear();
  counts.failovers = 0;
  counts.panics = 0;
  return [taken];
}

function takeDeployment(id: string, { group, byResult, totals }: DeploymentCounts): readonly TakenDeployment[] {
  if (byResult.size === 0 && totals.input + totals.output === 0) return [];
  const taken = { id, group, results: [...byResult], ...totals };
  byResult.clear();
  totals.input = 0;
  totals.output = 0;
  return [taken];
}

function takeHistogram(histogram: HistogramCounts): TakenHistogram {
  const taken = { counts: [...histogram.counts], sum: histogram.sum };
  histogram.counts.fill(0);
  histogram.sum = 0;
  return taken;
}

function addGroup(counts: GroupCounts, { statuses, durations, firstBytes, failovers, panics }: TakenGroup): void {
  addTo(counts.byStatus, statuses);
  addHistogram(counts.durations, durations);
  addHistogram(counts.firstBytes, firstBytes);
  counts.failovers += failovers;
  counts.panics += panics;
}

function addDeployment({ byResult, totals }: DeploymentCounts, { results, input, output }: TakenDeployment): void {
  addTo(byResult, results);
  totals.input += input;
  totals.output += output;
}

function addHistogram(histogram: HistogramCounts, { counts, sum }: TakenHistogram): void {
  for (const at of histogram.counts.keys()) {
    histogram.counts[at] = (histogram.counts[at] ?? 0) + (counts[at] ?? 0);
  }
  histogram.sum += sum;
}

function addTo<Key>(counts: Map<Key, number>, added: readonly (readonly [Key, number])[]): void {
  for (const [key, count] of added) counts.set(key, (counts.get(key) ?? 0) + count);
}
