import { until } from '../../../src/testing/index.ts';
import type { Stand } from './stand.ts';
import { allShow, isDown } from './waits.ts';

export interface Outage {
  readonly model: string;
  /** For how long at most nobody probes it before. */
  readonly probedWithinMs: number;
  readonly knownWithinMs: number;
}

/**
 * Lets one model fail just after a probe, which is the worst moment there is, until every LiteLLM pod knows; answers how
 * long that took, s. It goes on failing.
 */
export async function outage(stand: Stand, { model, probedWithinMs, knownWithinMs }: Outage): Promise<number> {
  const { litellm, requests, upstream } = stand;
  const probes = (): number => (['allswell', 'litellm'] as const).flatMap((by) => requests.times(by, { model })).length;
  const before = probes();
  await until(() => probes() > before, { withinMs: probedWithinMs, what: 'a probe' });
  upstream.set(model, { kind: 'status', status: 500 });
  const took = await allShow(litellm, {
    wanted: (health) => isDown(health, model),
    withinMs: knownWithinMs,
    what: 'the outage in every pod',
  });
  return took / 1_000;
}
