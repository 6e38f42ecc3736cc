import type { BridgePage, FleetPage } from '../ask/index.ts';
import type { Finding } from './finding.ts';

/** Results of LiteLLM's own in the place of ours matter while they are news. */
const RECENT_MS = 10 * 60_000;

/** What a bridge to LiteLLM does, and why it does not. A pod that was not asked to be one has nothing to tell. */
export function whyBridge({ pod, setup, bridge, now, unprobed = [] }: FleetPage): readonly Finding[] {
  if (bridge === undefined || setup.litellm_bridge !== true) return [];
  if (bridge.state === 'unreachable' && /\bNOPERM\b/.test(bridge.why ?? '')) {
    const says = `${pod} does not publish results for LiteLLM: ${bridge.why}`;
    return [{ code: 'bridge-lacks-rights', level: 'problem', says, todo: grantRights }];
  }
  if (bridge.state === 'off' || bridge.state === 'unreachable') {
    return [
      {
        code: 'bridge-without-redis',
        level: 'problem',
        says: `${pod} does not publish results for LiteLLM: ${bridge.why}`,
        todo: 'The bridge needs the Redis of the LiteLLM pods: give it their configuration file and environment variables.',
      },
    ];
  }
  return [
    ...stateFinding(pod, bridge),
    ...unnamespacedFinding(pod, bridge),
    ...otherModelsFinding(pod, bridge),
    ...unprobedFinding(unprobed),
    ...displacedFinding(pod, bridge, now),
  ];
}

function stateFinding(pod: string, bridge: BridgePage): readonly Finding[] {
  if (bridge.state === 'withheld') {
    const says = `${pod} does not publish results for LiteLLM: ${bridge.why}`;
    return [{ code: 'bridge-withheld', level: 'problem', says, todo: explainWithheld }];
  }
  if (bridge.state === 'standby') {
    const says = `${pod} is a standby bridge: ${bridge.why}`;
    return [
      {
        code: 'bridge-standby',
        level: 'note',
        says,
        todo: 'Nothing to do: one bridge publishes, the others take over if it stops.',
      },
    ];
  }
  const rows = `${bridge.healthy_count} healthy and ${bridge.unhealthy_count} unhealthy endpoints`;
  const says = `${pod} publishes ${rows} for LiteLLM under ${bridge.results_key}`;
  const publishing: Finding = { code: 'bridge-publishing', level: 'note', says, todo: 'Nothing to do.' };
  return bridge.litellm_pods.length > 0 ? [publishing] : [publishing, unnoticed(pod, bridge)];
}

function unnoticed(pod: string, { results_key: key }: BridgePage): Finding {
  return {
    code: 'bridge-unnoticed',
    level: 'note',
    says: `${pod} has found no LiteLLM pod within the last hour.`,
    todo:
      'This is normal if all LiteLLM pods read the published results: reading leaves no trace. If they still probe, check ' +
      `that they use the same Redis and the namespace of ${key}, that use_shared_health_check is true in their file, and ` +
      'that health_check_interval is not a string there: with a string, LiteLLM never reads shared results.',
  };
}

function unnamespacedFinding(
  pod: string,
  { unnamespaced_key: stray, results_key: key }: BridgePage,
): readonly Finding[] {
  if (stray === null) return [];
  return [
    {
      code: 'bridge-other-namespace',
      level: 'problem',
      says: `${pod} publishes for LiteLLM under ${key}, but LiteLLM pods write their own results under ${stray}`,
      todo:
        'Some LiteLLM pods have no namespace: set the same namespace of cache_params in all of them, or none in the bridge. Pods of ' +
        'another LiteLLM fleet on the same Redis can also be the cause.',
    },
  ];
}

function otherModelsFinding(pod: string, { other_models: others }: BridgePage): readonly Finding[] {
  if (others === null || others.unwatched_count === 0) return [];
  const named = others.unwatched.slice(0, 3).map(({ model, id }) => `${model} (${id})`);
  return [
    {
      code: 'bridge-other-models',
      level: 'problem',
      says:
        `${pod} lacks deployments that results of LiteLLM pods had at ${others.seen_at}; no pod probes them while it ` +
        `publishes. By id ${others.unwatched_count}: ${named.join(', ')}`,
      todo:
        'Give the bridge the configuration file and variables of the LiteLLM pods. An id is a hash of litellm_params, including the key ' +
        'of the upstream: another key is another id. Models in the LiteLLM database are not in that file. After a correction, restart ' +
        'the bridge to clear this finding.',
    },
  ];
}

function unprobedFinding(unprobed: NonNullable<FleetPage['unprobed']>): readonly Finding[] {
  if (unprobed.length === 0) return [];
  const named = unprobed.slice(0, 3).map(({ model_name: name, model }) => `${name} (${model})`);
  const more = unprobed.length > named.length ? ` and ${unprobed.length - named.length} more` : '';
  return [
    {
      code: 'bridge-unprobed',
      level: 'note',
      says: `${unprobed.length} deployments of LiteLLM are not probed and not published: ${named.join(', ')}${more}`,
      todo:
        'LiteLLM routes to them as to healthy ones, and only their traffic is watched. `allswell status` shows the reason of ' +
        'each; docs/how-to/stop-litellm-probing.md shows the alternatives.',
    },
  ];
}

function displacedFinding(pod: string, bridge: BridgePage, now: string): readonly Finding[] {
  const { litellm_results_at: at } = bridge;
  if (at === null || Date.parse(now) - Date.parse(at) > RECENT_MS) return [];
  return [
    {
      code: 'bridge-displaced',
      level: 'problem',
      says: `${pod} found that a LiteLLM pod replaced its results, last at ${at}`,
      todo:
        'Once after a start is normal: a LiteLLM round was running. If it repeats, LiteLLM considers the results too old: ' +
        'set the same DEFAULT_SHARED_HEALTH_CHECK_TTL in all pods, and synchronise their clocks.',
    },
  ];
}

const grantRights =
  "The Redis user lacks the bridge's rights: run the command above on Redis, with its name for <user>.";

const explainWithheld =
  'LiteLLM pods probe in the meantime. Run `allswell explain` for the named models: it shows why they have no verdict, or ' +
  'why no pod has probed them recently. Usual causes: paused probing, a spent budget, no network to the upstream. If too few ' +
  "hosts are healthy, check the bridge's own network first: network policies and its keys.";
