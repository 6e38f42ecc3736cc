import { addNote, type Findings, nowhere } from '../problems/index.ts';
import type { Activating, SettingSources } from '../settings/index.ts';
import { child, type Node, valueOf } from '../yaml/index.ts';
import type { Env } from '../types.ts';

/**
 * A bridge probes in LiteLLM's place, so it always probes in the background and always shares. In LiteLLM's pods both
 * settings must be true, or the pods do not read the published results.
 */
export function activateBridge({
  blocks,
  redis,
  findings,
}: Pick<SettingSources, 'blocks' | 'redis' | 'findings'>): Activating {
  // Problems of the file, or of its Redis, are already reported.
  const told = findings.problems.some(
    ({ code, path }) => code === 'ALLSWELL_ERR_CONFIG_UNREADABLE' || /cache_params|coordination_redis|REDIS/.test(path),
  );
  if (redis === null && !told) addNote(findings, 'warn', { location: nowhere, path: [], is: noRedis });
  const { background_health_checks: background, use_shared_health_check: shared } = blocks.general;
  for (const [key, value] of Object.entries({
    background_health_checks: background,
    use_shared_health_check: shared,
  })) {
    if (value === true) continue;
    const is = 'is not true in this file: a LiteLLM pod with this file never reads the published results';
    addNote(findings, 'warn', { location: nowhere, path: ['general_settings', key], is });
  }
  return { activation: { mode: redis === null ? 'independent' : 'shared', warnings: [] }, sharingRequested: true };
}

const noRedis =
  'no Redis is configured: this bridge publishes nothing. Set the Redis of the LiteLLM pods in REDIS_HOST, ' +
  'litellm_settings.cache_params or general_settings.coordination_redis';

/** LiteLLM's pods read results only if their interval is a whole number; they log nothing if it is not. */
export function noteUnreadInterval(root: Node, findings: Findings): void {
  const path = ['general_settings', 'health_check_interval'];
  const node = child(child(root, 'general_settings'), 'health_check_interval');
  // In Python 300.0 is not a whole number either.
  if (node === undefined || (node.kind === 'scalar' && node.exact?.kind === 'int')) return;
  const is = 'is not a whole number: LiteLLM pods then neither probe nor read the published results';
  addNote(findings, 'warn', { location: node.location, path, is });
}

/** Models that are not in the file are not published. */
export function noteStoredModels(root: Node, { env, findings }: { env: Env; findings: Findings }): void {
  const path = ['general_settings', 'store_model_in_db'];
  const node = child(child(root, 'general_settings'), 'store_model_in_db');
  const is = "models in LiteLLM's database are not in this file: they are not probed while the bridge publishes";
  if (node !== undefined && valueOf(node) === true) {
    addNote(findings, 'warn', { location: node.location, path, is: `is true, and ${is}` });
  } else if (env['STORE_MODEL_IN_DB']?.toLowerCase() === 'true') {
    addNote(findings, 'warn', { location: nowhere, path: [], is: `STORE_MODEL_IN_DB is true, and ${is}` });
  }
}
