import type { Blocks } from './blocks.ts';
import { addNote, addProblem, type Findings, nowhere } from '../problems/index.ts';
import type { ChosenRedis } from './redis.ts';
import { child, type Node } from '../yaml/index.ts';
import type { AllswellConfig } from '../types.ts';

export interface TakingOverInput {
  readonly blocks: Blocks;
  readonly redis: ChosenRedis | null;
  readonly findings: Findings;
}

/**
 * A bridge probes in LiteLLM's place, so it always probes in the background and always shares. In LiteLLM's pods both
 * settings must be true, or the pods do not read the published results.
 */
export function readTakingOver({
  blocks,
  redis,
  findings,
}: TakingOverInput): Pick<AllswellConfig, 'activation' | 'sharingRequested' | 'bridge'> {
  // Problems of the file, or of its Redis, are already reported.
  const told = findings.problems.some(
    ({ code, path }) => code === 'ALLSWELL_ERR_CONFIG_UNREADABLE' || /cache_params|coordination_redis|REDIS/.test(path),
  );
  if (redis === null && !told) {
    addProblem(findings, {
      place: nowhere,
      path: [],
      is: 'no Redis is configured, and a bridge publishes only to Redis',
      expected:
        'the Redis of the LiteLLM pods in REDIS_HOST, litellm_settings.cache_params or general_settings.coordination_redis',
    });
  }
  const { background_health_checks: background, use_shared_health_check: shared } = blocks.general;
  for (const [key, value] of Object.entries({
    background_health_checks: background,
    use_shared_health_check: shared,
  })) {
    if (value === true) continue;
    const is = 'is not true in this file: a LiteLLM pod with this file never reads the published results';
    addNote(findings, 'warn', { place: nowhere, path: ['general_settings', key], is });
  }
  return {
    activation: { mode: 'shared', warnings: [] },
    sharingRequested: true,
    bridge: 'on',
  };
}

/** LiteLLM's pods read results only if their interval is a whole number; they log nothing if it is not. */
export function noteUnreadInterval(root: Node, findings: Findings): void {
  const path = ['general_settings', 'health_check_interval'];
  const node = child(child(root, 'general_settings'), 'health_check_interval');
  // In Python 300.0 is not a whole number either.
  if (node === undefined || (node.kind === 'scalar' && node.exact?.kind === 'int')) return;
  const is = 'is not a whole number: LiteLLM pods then neither probe nor read the published results';
  addNote(findings, 'warn', { place: node.place, path, is });
}
