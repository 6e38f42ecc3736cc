import type { TestContext } from 'vitest';
import { until } from '../../../src/testing/index.ts';
import { epochMs } from './ask.ts';
import type { FleetShape, TestFleet } from './fleet.ts';
import { startLoad } from './load.ts';
import type { Load, LoadAnswer } from './load.ts';
import type { Span } from './probes.ts';
import { fleetFor } from './use-fleet.ts';
import { allMet } from './waits.ts';

/** Pods that forward requests of one group to two deployments, each on a port of its own, under a steady load. */
export interface TrafficFleet {
  readonly fleet: TestFleet;
  readonly load: Load;
}

/** The deployment that dies, and the one that stays. Names of their models at the upstream, and their ids. */
export const DYING = 'dying';
export const STAYING = 'staying';
const GROUP = 'chat';
export const PODS = 3;
export const PER_SECOND = 60;
/** Time that a good answer takes. */
export const ANSWER_MS = 20;

/** How a deployment can die. */
export type Death = 'refused' | 'reset' | '500' | 'hang';

/** Three pods under load, with both deployments up in all of them. */
export async function trafficFleet(test: TestContext, changes: Partial<FleetShape> = {}): Promise<TrafficFleet> {
  const fleet = await fleetFor(test, {
    pods: PODS,
    extraPorts: 1,
    models: [DYING, STAYING].map((model, port) => ({ model, group: GROUP, port, info: { id: model } })),
    interval: 60,
    // Each pod writes several lines for each request at DEBUG.
    env: { LITELLM_LOG: 'INFO' },
    ...changes,
    router: { num_retries: 2, ...changes.router },
  });
  for (const model of [DYING, STAYING]) fleet.upstream.set(model, { kind: 'slow', ms: ANSWER_MS });
  await allMet(fleet, PODS);
  const load = startLoad({ pods: fleet.pods, group: GROUP, perSecond: PER_SECOND });
  test.onTestFinished(async () => await load.stop());
  await until(async () => await isInAll(fleet, 'up'), { withinMs: 20_000, what: 'both deployments to be up' });
  return { fleet, load };
}

/** True if all pods show the deployment that dies in this state. */
export async function isInAll({ pods }: TestFleet, state: string): Promise<boolean> {
  return (await statesIn(pods)).every((one) => one === state);
}

async function statesIn(pods: TestFleet['pods']): Promise<readonly string[]> {
  const bodies = await Promise.all(pods.map(async (pod) => await pod.fleet()));
  return bodies.map(({ targets }) => targets.find(({ model }) => model?.endsWith(DYING))?.state ?? 'missing');
}

/** Ends the first deployment; resolves with the time of its death. */
export async function kill({ upstream }: TestFleet, death: Death): Promise<number> {
  if (death === 'refused') await upstream.setFault(upstream.ports[0] ?? 0, 'refuse');
  else if (death === '500') upstream.set(DYING, { kind: 'status', status: 500 });
  else upstream.set(DYING, { kind: death });
  return epochMs();
}

/** Brings it back. */
export async function revive({ upstream }: TestFleet): Promise<number> {
  upstream.set(DYING, { kind: 'slow', ms: ANSWER_MS });
  await upstream.setFault(upstream.ports[0] ?? 0, 'none');
  return epochMs();
}

/** What an outage did to requests. */
export interface Harm {
  /** Attempts that went to the dead deployment, and the time from its death to the last of them. */
  readonly met: number;
  readonly lastMs: number;
  /** Answers other than 200: status or fault, and attempts. */
  readonly errors: readonly string[];
  readonly answers: number;
  /** Slowest answer. */
  readonly slowestMs: number;
}

/**
 * Attempts since the death of the one deployment that failed. Each attempt of a request beyond its last is one: the other deployment never
 * fails. This counts refused connections, too, which the upstream does not see.
 */
export function harmOf({ answers }: Load, { from, to }: Span): Harm {
  const seen = answers.filter(({ endedAt }) => endedAt >= from && endedAt < to);
  const hit = seen.filter(({ askedAt, attempts }) => askedAt >= from && attempts > 1);
  return {
    met: hit.reduce((sum, { attempts }) => sum + attempts - 1, 0),
    lastMs: Math.max(0, ...hit.map(({ askedAt }) => askedAt - from)),
    errors: seen
      .filter(({ status }) => status !== 200)
      .map(({ status, fault = status, attempts, pod }) => `${fault}, ${attempts} attempts, pod ${pod + 1}`),
    answers: seen.length,
    slowestMs: Math.max(0, ...seen.map(({ askedAt, endedAt }) => endedAt - askedAt)),
  };
}

/** Part of the answers of a span that the deployment gave. */
export function shareOf(answers: readonly LoadAnswer[], span: Span, deployment: string = DYING): number {
  const seen = answers.filter(({ endedAt }) => endedAt >= span.from && endedAt < span.to);
  return seen.filter((one) => one.deployment === deployment).length / Math.max(1, seen.length);
}
