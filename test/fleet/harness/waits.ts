import { setTimeout as pass } from 'node:timers/promises';
import { until } from '../../../src/testing/index.ts';
import { epochMs } from './ask.ts';
import type { TestFleet } from './fleet.ts';
import type { Span } from './probes.ts';
import type { TestPod } from './pod.ts';

/** Lets real time go by while something is counted: a window, never a way to wait for something to happen. */
export async function observe(ms: number): Promise<Span> {
  const from = epochMs();
  await pass(ms);
  return { from, to: epochMs() };
}

/** Waits until these pods, all unless given, have judged every deployment they list. */
export async function allJudged(fleet: TestFleet, pods: readonly TestPod[] = fleet.pods): Promise<void> {
  const look = async (): Promise<boolean> => {
    const bodies = await Promise.all(pods.map((pod) => pod.health()));
    return bodies.every(({ unknown_count: unknown, healthy_count: good, unhealthy_count: bad }) => {
      return unknown === 0 && good + bad > 0;
    });
  };
  await until(look, { withinMs: 20_000, what: 'every pod to have judged every model', everyMs: 50 });
}

/** Waits until every pod knows that the fleet has so many members. */
export async function allMet(fleet: TestFleet, members: number): Promise<void> {
  const look = async (): Promise<boolean> => {
    const bodies = await Promise.all(fleet.pods.map((pod) => pod.fleet()));
    return bodies.every(({ pods }) => pods.length === members);
  };
  await until(look, { withinMs: 20_000, what: `every pod to know ${members} members`, everyMs: 50 });
}
