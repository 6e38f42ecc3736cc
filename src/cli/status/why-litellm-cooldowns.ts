import type { FleetPage } from '../ask/index.ts';
import { inWords } from '../show/times.ts';
import type { Finding } from './finding.ts';

/** A cooldown of LiteLLM's own that lasts longer than this is no reaction to a single failure: its default is 5 s. */
const LONG_MS = 30_000;

/**
 * Working deployments that LiteLLM itself keeps out of its routing, such as for the Retry-After of a 429. Their targets are up,
 * so no other finding shows why they get no requests.
 */
export function whyLitellmCooldowns({ bridge, targets, now }: FleetPage): readonly Finding[] {
  const cooldowns = bridge?.cooldowns;
  if (cooldowns === undefined) return [];
  const working = new Set(targets.filter(({ state }) => state === 'up').map(({ target }) => target));
  return cooldowns.litellm.flatMap(({ model_id: id, model_name: group, target, status, since, until }): Finding[] => {
    if (target === null || !working.has(target)) return [];
    if (Date.parse(until) - Date.parse(now) < LONG_MS) return [];
    const why = status === 0 ? '' : ` after HTTP ${status}`;
    const says = `LiteLLM itself sends no requests to ${group ?? 'a deployment'} (${id})${why}, since ${since} until ${until} (${inWords(until, now)}), although its target is up.`;
    return [{ code: 'litellm-cooldown', level: 'note', says, todo: whenCooled }];
  });
}

const whenCooled =
  "Wait until its end, which the upstream's Retry-After or cooldown_time set. allswell never shortens it. To end it now, delete the key deployment:<id>:cooldown in the Redis of LiteLLM's Router and restart the LiteLLM pods, which keep it in memory.";
