import { planCooldowns } from './plan.ts';
import type { CooldownPlan, PlanInput } from './plan.ts';

/**
 * Plans cooldowns so that each pool has a deployment to which LiteLLM sends requests already now: a pod of LiteLLM keeps
 * a cooldown that it has read until its end, also where its key was deleted. What must wait for that is cooled afterwards.
 *
 * @param stillCooled deployments whose cooldown may be in force at some LiteLLM pod, whether it is to last or not
 */
export function planHandover(input: PlanInput, stillCooled: ReadonlySet<string>): CooldownPlan {
  const plan = planCooldowns(input);
  if (stillCooled.size === 0) return plan;
  const isRoutable = (id: string): boolean => !plan.cooled.has(id) && !input.cooledByLitellm.has(id);
  const { cooled } = planCooldowns({
    // A pool that has no routable deployment in the plan would not get one by waiting.
    pools: input.pools.filter(({ reach }) => reach.some((id) => isRoutable(id))),
    candidates: input.candidates.filter(({ modelId }) => plan.cooled.has(modelId)),
    cooledByLitellm: new Set([...input.cooledByLitellm, ...stillCooled]),
  });
  return { cooled, leftRoutable: plan.leftRoutable };
}
