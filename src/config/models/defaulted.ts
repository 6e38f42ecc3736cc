import type { Problem } from '../types.ts';

/**
 * Keys of `litellm_params` and `model_info` without which a deployment is still the same upstream: their default may stand in
 * for a wrong value. Not `rpm` and `tpm`: without a valid limit, requests could cost more than was meant.
 */
const DEFAULTED = new Set(
  `timeout stream_timeout max_parallel_requests weight order num_retries cooldown_time drop_params
  input_cost_per_token output_cost_per_token mode
  health_check_timeout health_check_max_tokens health_check_max_tokens_reasoning health_check_max_tokens_non_reasoning
  health_check_reasoning_effort health_check_supports_max_tokens health_check_voice disable_background_health_check`.split(
    /\s+/,
  ),
);

/** True if the default of this key may stand in for a wrong value. */
export function hasDefault(key: string): boolean {
  return DEFAULTED.has(key);
}

/** The same of the value that a problem is about. */
export function isOfDefaulted({ path }: Problem): boolean {
  const [, key = ''] = /^model_list\[\d+\]\.(?:litellm_params|model_info)\.(\w+)/.exec(path) ?? [];
  return hasDefault(key);
}
