import type { Cooldown, FoundCooldown } from '../../ports/index.ts';
import { endsAt } from './found-cooldowns.ts';
import type { CooldownCandidate, CooldownPlan } from './plan.ts';

export interface ChangesInput {
  readonly plan: CooldownPlan;
  readonly candidates: readonly CooldownCandidate[];
  /** Deployments whose key this pod wrote and has not ended, with the time in their text. */
  readonly written: ReadonlyMap<string, number>;
  /** Cooldowns with our mark that this pod did not write. */
  readonly byOthers: ReadonlyMap<string, FoundCooldown>;
  /** Unix time, s. */
  readonly atSeconds: number;
  readonly lifeMs: number;
}

/** The cooldowns to keep by this plan, and those to end. */
export function changesFor(input: ChangesInput): ReadonlyMap<string, Cooldown | null> {
  const { atSeconds, lifeMs } = input;
  const { cooled } = input.plan;
  const seconds = lifeMs / 1_000;
  const changes = new Map<string, Cooldown | null>();
  for (const [modelId, other] of input.byOthers) {
    // No bridge writes such a one, even with another clock. LiteLLM would take it for its own and never end it.
    if (endsAt(other) > atSeconds + 2 * seconds) changes.set(modelId, null);
  }
  for (const modelId of input.written.keys()) if (!cooled.has(modelId)) changes.set(modelId, null);
  for (const { modelId, status, why } of input.candidates) {
    if (cooled.has(modelId)) changes.set(modelId, { status, reason: why, atSeconds, seconds });
  }
  return changes;
}
