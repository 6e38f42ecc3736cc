import { until } from '../../../src/testing/index.ts';
import { epochMs } from '../../fleet/harness/index.ts';
import type { LitellmHealth, LitellmPod, LitellmRow } from './litellm-pod.ts';
import type { Requests } from './requests.ts';

/** Waits until every pod's `/health` is as wanted; answers how long it took the last of them, ms. */
export async function allShow(
  pods: readonly LitellmPod[],
  { wanted, withinMs, what }: { wanted: (health: LitellmHealth) => boolean; withinMs: number; what: string },
): Promise<number> {
  const from = epochMs();
  const look = async (): Promise<boolean> => {
    const bodies = await Promise.all(pods.map((pod) => pod.health()));
    return bodies.every(wanted);
  };
  // Each answer costs LiteLLM a few hundredths of a second of a processor.
  await until(look, { withinMs, what, everyMs: 250 });
  return epochMs() - from;
}

/** Rows of both lists. */
export function rowsIn({ healthy_endpoints: good = [], unhealthy_endpoints: bad = [] }: LitellmHealth): LitellmRow[] {
  return [...good, ...bad];
}

/** Whether a pod's rows are those that we published. */
export function showsOurs(health: LitellmHealth): boolean {
  const rows = rowsIn(health);
  return rows.length > 0 && rows.every(({ state }) => state !== undefined);
}

/** Whether a pod's rows are those of a round of LiteLLM's own. */
export function showsItsOwn(health: LitellmHealth): boolean {
  const rows = rowsIn(health);
  return rows.length > 0 && rows.every(({ state }) => state === undefined);
}

export function isDown(health: LitellmHealth, model: string): boolean {
  return (health.unhealthy_endpoints ?? []).some((row) => row.model === `openai/${model}`);
}

/** Waits for a probe of LiteLLM's own that arrives from now on, or from `from` on; answers how long it took, s. */
export async function litellmProbes(
  requests: Requests,
  { from = epochMs(), withinMs }: { from?: number; withinMs: number },
): Promise<number> {
  const first = await until(() => requests.times('litellm', { span: { from, to: Infinity } })[0], {
    withinMs,
    what: 'a probe by LiteLLM',
  });
  return (first - from) / 1_000;
}

/** Waits until LiteLLM has sent no probe for so long; answers when the last one was, ms from now. */
export async function untilQuiet(
  requests: Requests,
  { forMs, withinMs }: { forMs: number; withinMs: number },
): Promise<number> {
  const from = epochMs();
  const last = (): number => Math.max(from, requests.times('litellm').at(-1) ?? 0);
  await until(() => epochMs() - last() > forMs, {
    withinMs,
    what: `${forMs} ms without a probe by LiteLLM`,
    everyMs: 100,
  });
  return last() - from;
}
