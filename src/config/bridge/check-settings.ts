import { addNote, addProblem, type Findings, nowhere } from '../problems/index.ts';
import type { Activating, SettingSources } from '../settings/index.ts';
import { child, type Node, valueOf } from '../yaml/index.ts';
import type { Env } from '../types.ts';

/**
 * A bridge probes in LiteLLM's place, so it always probes in the background and always shares. What the file says of both
 * decides whether LiteLLM's pods look at what it publishes.
 */
export function activateBridge({
  blocks,
  redis,
  findings,
}: Pick<SettingSources, 'blocks' | 'redis' | 'findings'>): Activating {
  // What is wrong with the file, or with its Redis, is told already.
  const told = findings.problems.some(
    ({ code, path }) => code === 'ALLSWELL_ERR_CONFIG_UNREADABLE' || /cache_params|coordination_redis|REDIS/.test(path),
  );
  if (redis === null && !told) {
    addProblem(findings, {
      place: nowhere,
      path: [],
      is: 'no Redis is configured, and a bridge publishes nowhere else',
      expected: 'REDIS_HOST, litellm_settings.cache_params or general_settings.coordination_redis, as LiteLLM has it',
    });
  }
  const { background_health_checks: background, use_shared_health_check: shared } = blocks.general;
  for (const [key, value] of Object.entries({
    background_health_checks: background,
    use_shared_health_check: shared,
  })) {
    if (value === true) continue;
    const is = 'is not true in this file: a LiteLLM pod that runs with it never reads what the bridge publishes';
    addNote(findings, 'warn', { place: nowhere, path: ['general_settings', key], is });
  }
  return { activation: { mode: 'shared', warnings: [] }, sharingRequested: true };
}

/** LiteLLM's pods look for results only where their interval is a whole number, and say nothing where it is not. */
export function noteUnreadInterval(root: Node, findings: Findings): void {
  const path = ['general_settings', 'health_check_interval'];
  const node = child(child(root, 'general_settings'), 'health_check_interval');
  // To Python 300.0 is no whole number either.
  if (node === undefined || (node.kind === 'scalar' && node.exact?.kind === 'int')) return;
  const is = 'is no whole number for LiteLLM, whose pods then neither probe nor read what the bridge publishes';
  addNote(findings, 'warn', { place: node.place, path, is });
}

/** Models that are not in the file are in no publication. */
export function noteStoredModels(root: Node, { env, findings }: { env: Env; findings: Findings }): void {
  const path = ['general_settings', 'store_model_in_db'];
  const node = child(child(root, 'general_settings'), 'store_model_in_db');
  const is =
    'models that LiteLLM has in its database are not in this file: nobody probes them while the bridge publishes';
  if (node !== undefined && valueOf(node) === true) {
    addNote(findings, 'warn', { place: node.place, path, is: `is true, and ${is}` });
  } else if (env['STORE_MODEL_IN_DB']?.toLowerCase() === 'true') {
    addNote(findings, 'warn', { place: nowhere, path: [], is: `STORE_MODEL_IN_DB is true, and ${is}` });
  }
}
