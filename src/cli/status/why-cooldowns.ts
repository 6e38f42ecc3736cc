import type { CooldownsPage, FleetPage } from '../ask/index.ts';
import { holdText } from '../show/hold-text.ts';
import type { Finding } from './finding.ts';

/** What keeps the fleet's verdicts from becoming cooldowns of LiteLLM. A pod without a bridge has none. */
export function whyCooldowns({
  pod,
  setup,
  bridge,
  targets,
  probing_paused: paused = null,
}: FleetPage): readonly Finding[] {
  const cooldowns = bridge?.cooldowns;
  if (cooldowns === undefined || setup.litellm_bridge !== true) return [];
  const failing = targets.filter(({ state, hold = null }) => state === 'down' && hold?.kind !== 'hold-up');
  return [
    ...restrictionFinding(cooldowns),
    ...blindFinding(cooldowns, paused !== null),
    ...observedFinding(pod, cooldowns, failing.length),
    ...problemFinding(pod, cooldowns),
    ...lastFinding(cooldowns),
  ];
}

function restrictionFinding({ restriction, configured_mode: configured }: CooldownsPage): readonly Finding[] {
  if (restriction === null || configured === 'off') return [];
  return [
    {
      code: 'cooldowns-restricted',
      level: 'note',
      says: `LiteLLM cooldowns are ${holdText(restriction)}.`,
      todo: 'Run allswell bridge cooldowns on when the reason no longer applies.',
    },
  ];
}

/** Each is a note where it is alone: then the other still finds an outage. */
function blindFinding({ mode }: CooldownsPage, isPaused: boolean): readonly Finding[] {
  if (mode !== 'off' || !isPaused) return [];
  return [
    {
      code: 'nothing-finds-outages',
      level: 'problem',
      says: "Nothing can find an outage: probing is paused, and LiteLLM's cooldowns are not read.",
      todo: 'Run allswell probing resume, or let cooldowns be read again: allswell bridge cooldowns on, and cooldowns: observe or on in the file.',
    },
  ];
}

/** An operator's restriction is a finding of its own. */
function observedFinding(
  pod: string,
  { mode, configured_mode: configured, held }: CooldownsPage,
  down: number,
): readonly Finding[] {
  if (mode !== 'observe' || configured !== 'observe' || down === 0) return [];
  const named = held.length === 0 ? '' : ` It would cool ${namesOf(held.map((one) => one.model_name))}.`;
  return [
    {
      code: 'cooldowns-observed',
      level: 'note',
      says: `${pod} only observes LiteLLM cooldowns, and ${down === 1 ? '1 target is' : `${down} targets are`} down.${named}`,
      todo: 'LiteLLM pods find a failing deployment themselves, or with their next health check. Set fleet_health.litellm_bridge.cooldowns: on to act at once.',
    },
  ];
}

function problemFinding(pod: string, { problem, router_redis: ownRedis }: CooldownsPage): readonly Finding[] {
  if (problem === null) return [];
  const where = ownRedis ? "the Redis of LiteLLM's Router" : 'Redis';
  const effect = 'LiteLLM pods route without them';
  if (problem.code === 'timeout' || problem.code === 'disconnected') {
    const says = `${pod} cannot reach ${where} to write LiteLLM cooldowns: ${problem.message}; ${effect}`;
    const todo = ownRedis
      ? 'Check host, port, db and password in router_settings.redis_*, and the network from the bridge to that Redis.'
      : 'Check Redis, and the network from the bridge to it.';
    return [{ code: 'cooldowns-unreachable', level: 'problem', says, todo }];
  }
  return [
    {
      code: 'cooldowns-refused',
      level: 'problem',
      says: `${where} refuses LiteLLM cooldowns of ${pod}: ${problem.message}; ${effect}`,
      todo: 'Grant the rights in docs/how-to/stop-litellm-probing.md (A Redis user of its own). READONLY: give the address of the primary.',
    },
  ];
}

function lastFinding({ last_routable: leftRoutable, mode }: CooldownsPage): readonly Finding[] {
  return leftRoutable.map(({ model_name: group, model_id: id, pool, why }): Finding => {
    const verb = mode === 'on' ? 'stays' : 'would stay';
    return {
      code: 'cooldowns-last-one',
      level: 'problem',
      says: `${group} (${id}) ${verb} in LiteLLM's routing although ${why}: it is the last routable deployment of ${pool}.`,
      todo: 'Add a deployment to this group, or a group to its fallbacks. Without any deployment LiteLLM answers each request with 429.',
    };
  });
}

const MOST_NAMED = 3;

function namesOf(names: readonly string[]): string {
  const different = [...new Set(names)];
  const more = different.length - MOST_NAMED;
  return `${different.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
