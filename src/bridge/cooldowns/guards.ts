import type { PoolGuard } from '../../ports/index.ts';
import type { CooldownPlan } from './plan.ts';
import type { Pool } from './pools.ts';

/** More of a pool are not looked at: where all of these are cooled meanwhile, the next plan names others. */
const LOOKED_AT = 8;

export interface GuardsInput {
  readonly plan: Pick<CooldownPlan, 'cooled'>;
  readonly pools: readonly Pool[];
  /** As in the plan. */
  readonly cooledByLitellm: ReadonlySet<string>;
  /** Deployments whose cooldown may be in force at some LiteLLM pod. */
  readonly stillCooled: ReadonlySet<string>;
}

/**
 * For each pool, what the plan cools and what it leaves routable. The store checks it with the write, because the plan is
 * made from keys that were read up to a second ago. A pool that has no routable deployment anyway needs no guard.
 *
 * @example
 * guardsFor({
 *   plan: { cooled: new Set(['a']) },
 *   pools: [{ name: 'chat', own: ['a', 'b'], reach: ['a', 'b'] }],
 *   cooledByLitellm: new Set(),
 *   stillCooled: new Set(),
 * }) // [{ cools: ['a'], leaves: [['b']] }]
 */
export function guardsFor({ plan, pools, cooledByLitellm, stillCooled }: GuardsInput): readonly PoolGuard[] {
  const each = pools.flatMap(({ reach }): Guarded[] => {
    const cools = reach.filter((id) => plan.cooled.has(id));
    const routable = reach.filter((id) => !plan.cooled.has(id) && !cooledByLitellm.has(id));
    if (cools.length === 0 || routable.length === 0) return [];
    const leaves = [...routable].sort((a, b) => Number(stillCooled.has(a)) - Number(stillCooled.has(b)));
    return [{ cools, leaves: leaves.slice(0, LOOKED_AT) }];
  });
  // Pools that leave the same deployments fail together: one look is enough for all of them.
  return [...Map.groupBy(each, ({ leaves }) => JSON.stringify(leaves)).values()].map((alike) => {
    const cools = new Set(alike.flatMap((one) => one.cools));
    return { cools: [...cools], leaves: (alike[0]?.leaves ?? []).map((id) => [id]) };
  });
}

interface Guarded {
  readonly cools: readonly string[];
  readonly leaves: readonly string[];
}
