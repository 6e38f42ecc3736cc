import type { Evidence, Beliefs } from '../../src/fleet/evidence/beliefs.ts';
import type { Plan } from '../../src/fleet/probing/planner.ts';
import { newestEvidenceAt } from '../../src/health/index.ts';
import type { Observation, Level, TargetId, TargetRecord, FailureRun } from '../../src/health/index.ts';
import type { FleetTarget } from '../../src/fleet/options.ts';
import type { FleetStore } from '../../src/ports/index.ts';
import type { PodParts } from './adapter/index.ts';
import { TARGET } from './adapter/settings.ts';
import type { ModelState } from './model-state.ts';

/** A change to the product's rules that one of the properties must find. Absent parts stay as shipped. */
export interface PlantedBug {
  readonly name: string;
  readonly store?: (store: FleetStore, state: ModelState) => FleetStore;
  readonly beliefs?: (beliefs: Beliefs, pod: PodParts) => Beliefs;
  readonly planAt?: (plan: Plan, pod: PodParts) => number;
  /** Members count as able even if they cannot probe. */
  readonly everyMemberIsAble?: boolean;
  /** The level of every claim. */
  readonly claimLevel?: Level;
}

/** The product as it ships. */
export const asShipped: PlantedBug = { name: 'none' };

/** Pods claim in an order that never changes, and a witness counts for ever. */
export const staticTurns: PlantedBug = {
  name: 'static turns, witnesses without a time limit',
  planAt: alwaysInOrder,
  beliefs: (beliefs) => {
    const evidence = beliefs.evidence.bind(beliefs);
    beliefs.evidence = (target: TargetId) => allRecent(evidence(target));
    return beliefs;
  },
};

/** Every member counts as able to probe, without a time limit. */
export const unboundedWait: PlantedBug = {
  name: 'waits for ever for pods that cannot probe',
  everyMemberIsAble: true,
  beliefs: (beliefs) => waiting(beliefs, Infinity),
};

/** The first failure that another host reports counts at once. */
export const singleWitness: PlantedBug = {
  name: 'accepts a single witness at once',
  beliefs: (beliefs) => waiting(beliefs, -1),
};

/** Any probe refreshes the age and the due time of a deeper one. */
export const levelsIgnored: PlantedBug = {
  name: 'shallow probes count as deep ones',
  planAt: alwaysInOrder,
  beliefs: (beliefs) => {
    const after = beliefs.after.bind(beliefs);
    beliefs.after = (target: FleetTarget, probe: Observation, base?: TargetRecord | Evidence) => {
      const { facts } = after(target, probe, base);
      const { facts: _, ...stamps } = after(target, { ...probe, level: 'inference' }, base);
      return { facts, ...stamps };
    };
    beliefs.evidenceAt = (_: FleetTarget, evidence: Evidence) => newestEvidenceAt(evidence, 'connect');
    return beliefs;
  },
};

/** Nothing is ever shown as stale. */
export const agesIgnored: PlantedBug = {
  name: 'evidence never becomes stale',
  beliefs: (beliefs) => {
    const belief = beliefs.belief.bind(beliefs);
    beliefs.belief = (target: FleetTarget) => ({ ...belief(target), stale: false });
    return beliefs;
  },
};

/** Scripts run without a deadline. */
export const lateScriptsRun: PlantedBug = {
  name: 'scripts run too late',
  store: (store) => ({
    ...store,
    claim: async (input) => await store.claim({ ...input, notAfter: Number.MAX_SAFE_INTEGER }),
  }),
};

/** A claim takes a live lease of another pod. */
export const leasesTaken: PlantedBug = {
  name: 'a claim takes a live lease',
  planAt: (_, pod) => pod.now(),
  store: (store, state) => ({
    ...store,
    claim: async (input) => {
      const answer = await store.claim(input);
      if (answer.kind !== 'ok') return answer;
      const value = answer.value.map((one) =>
        one.kind === 'held'
          ? ({ kind: 'granted', grant: state.now, until: state.now + input.ttlMs * 1000, record: null } as const)
          : one,
      );
      return { ...answer, value };
    },
  }),
};

/** The store accepts outdated commits. */
export const oldGrantsWin: PlantedBug = {
  name: 'commits are not fenced',
  store: (store, state) => ({
    ...store,
    commit: async (input) => {
      const answer = await store.commit(input);
      if (answer.kind !== 'ok' || answer.value.every(({ kind }) => kind === 'ok')) return answer;
      const page = await store.readRecords([TARGET]);
      const stored = page.kind === 'ok' ? page.value[0]?.stored : undefined;
      const expectedVersion = stored?.kind === 'record' ? stored.record.version : 0;
      const commits = input.commits.map(({ grant, ...commit }) => ({
        ...commit,
        expectedVersion,
        evidenceAt: Math.max(grant ?? 0, state.now),
      }));
      return await store.commit({ ...input, commits });
    },
  }),
};

/** Everything counts as pending, so that every pod probes as often as the guard allows, and the guard is wide. */
export const guardOpen: PlantedBug = {
  name: 'the guard is wide open',
  planAt: (_, pod) => pod.now(),
  store: (store) => ({
    ...store,
    claim: async (input) =>
      await store.claim({
        ...input,
        requests: input.requests.map((request) => ({ ...request, reason: 'confirmation', guard: 20 })),
      }),
  }),
};

function alwaysInOrder({ at }: Plan, { data, now }: PodParts): number {
  const order = data.id.charCodeAt(data.id.length - 1);
  // Turns wait less than a second, so that the due time lies in the previous step.
  return Math.min(at, Math.max(now(), at - 1_000_000)) + order;
}

function waiting(beliefs: Beliefs, waitMs: number): Beliefs {
  const context = beliefs.context.bind(beliefs);
  beliefs.context = (target: FleetTarget) => ({ ...context(target), waitMs, waitingSince: 0 });
  return beliefs;
}

function allRecent(evidence: Evidence | undefined): Evidence | undefined {
  const failureRun = evidence?.facts.failureRun;
  if (evidence === undefined || failureRun === undefined) return evidence;
  const { aloneSince: _, ...rest } = failureRun;
  const witnesses = failureRun.witnesses.map((witness) => ({ ...witness, position: failureRun.length }));
  const kept: FailureRun = { ...rest, witnesses, ...(witnesses.length === 1 && { aloneSince: failureRun.at }) };
  return { ...evidence, facts: { ...evidence.facts, failureRun: kept } };
}
