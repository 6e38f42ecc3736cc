import type { AllswellConfig } from '../../config/index.ts';
import { LITELLM_WITNESS } from '../../health/index.ts';
import type { Failure, StoreTime } from '../../health/index.ts';
import type { FoundCooldown, TrafficReport } from '../../ports/index.ts';

/** A pod's clock may differ by this much from the store's: a later or earlier time is replaced by the present. */
const CLOCK_ERROR_US = 5_000_000;
const LONGEST_S = 24 * 60 * 60;

/** The evidence in a cooldown that a LiteLLM pod began; undefined for a deployment that the configuration lacks. */
export function trafficOfCooldown(
  config: Pick<AllswellConfig, 'deployments'>,
  { modelId, cooldown, now }: { modelId: string; cooldown: FoundCooldown; now: StoreTime },
): TrafficReport | undefined {
  const target = config.deployments.find((one) => one.modelId === modelId)?.targetId;
  if (target === undefined) return undefined;
  const failure = failureOf(cooldown);
  return {
    target,
    at: beganAt(cooldown, now),
    ok: false,
    failure,
    latencyMs: 0,
    verdict: failure.class === 'overloaded' ? 'degraded' : 'suspect',
    witness: LITELLM_WITNESS,
  };
}

/** Store time at which the cooldown began; now, if the clock of the LiteLLM pod is far off. */
export function beganAt({ atSeconds }: FoundCooldown, now: StoreTime): StoreTime {
  const saidUs = Math.floor(atSeconds * 1_000_000);
  return Math.abs(now - saidUs) <= CLOCK_ERROR_US ? Math.min(saidUs, now) : now;
}

/** Store time at which a cooldown that began then ends. No cooldown of LiteLLM is meant to last longer than a day. */
export function overAt({ seconds }: FoundCooldown, at: StoreTime): StoreTime {
  return at + Math.min(seconds, LONGEST_S) * 1_000_000;
}

/** The failure that made LiteLLM begin this cooldown. */
export function failureOf({ status, seconds }: FoundCooldown): Failure {
  const message = 'LiteLLM started a cooldown';
  if (status === 408 || status === 504) return { class: 'timeout', status, message };
  if (status === 429 || status === 529) {
    return { class: 'overloaded', status, message, retryAfterMs: Math.min(600_000, Math.round(seconds * 1_000)) };
  }
  return { class: 'server', ...(status > 0 && { status }), message };
}
