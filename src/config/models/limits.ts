import type { z } from 'zod';
import { checkBlock, type Findings } from '../problems/index.ts';
import {
  countFromOne,
  countFromZero,
  deploymentLimits,
  entryLimits,
  numberFromZero,
  seconds,
  secondsOrNone,
} from '../schema/index.ts';
import { child, type Node, type Path, settingsOf } from '../yaml/index.ts';
import type { DeploymentLimits } from '../types.ts';
import { present } from './present.ts';

/**
 * The limits of a `model_list` entry. What cannot be read counts as absent: {@link checkLimits} reports it where requests
 * are routed. As in LiteLLM, `rpm` and `tpm` beside `litellm_params` come before those in it.
 */
export function limitsOf(entry: Node): DeploymentLimits {
  const params = child(entry, 'litellm_params');
  const read = (key: string, rule: z.ZodType<number>, block: Node | undefined = params): number | undefined => {
    const node = child(block, key);
    return node === undefined ? undefined : rule.safeParse(settingsOf(node)).data;
  };
  return present({
    rpm: read('rpm', countFromZero, entry) ?? read('rpm', countFromZero),
    tpm: read('tpm', countFromZero, entry) ?? read('tpm', countFromZero),
    maxParallel: read('max_parallel_requests', countFromOne),
    weight: read('weight', numberFromZero),
    order: read('order', countFromZero),
    streamTimeoutMs: read('stream_timeout', seconds),
    retries: read('num_retries', countFromZero),
    cooldownMs: read('cooldown_time', secondsOrNone),
  });
}

/** Reports the limits of an entry that cannot be read. */
export function checkLimits(entry: Node, path: Path, findings: Findings): void {
  if (entry.kind !== 'map') return;
  checkBlock(entryLimits, entry, { path, findings });
  const params = child(entry, 'litellm_params');
  if (params?.kind !== 'map') return;
  checkBlock(deploymentLimits, params, { path: [...path, 'litellm_params'], findings });
}
