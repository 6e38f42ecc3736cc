import type { BridgePage, FleetPage } from '../ask/index.ts';
import type { Finding } from './finding.ts';

/** Results of LiteLLM's own in the place of ours matter while they are news. */
const RECENT_MS = 10 * 60_000;

/** What a bridge to LiteLLM does, and why it does not. A pod that was not asked to be one has nothing to tell. */
export function whyBridge({ pod, setup, bridge, now }: FleetPage): readonly Finding[] {
  if (bridge === undefined || setup.litellm_bridge !== true) return [];
  if (bridge.state === 'off' || bridge.state === 'unreachable') {
    return [
      {
        code: 'bridge-without-redis',
        level: 'problem',
        says: `${pod} publishes nothing for LiteLLM: ${bridge.why}`,
        todo:
          'The bridge needs the Redis that the LiteLLM pods share health over: the same file, the same variables. A Redis user ' +
          'of its own needs the keys of a bridge, too: docs/how-to/stop-litellm-probing.md.',
      },
    ];
  }
  return [
    ...stateFinding(pod, bridge),
    ...strayFinding(pod, bridge),
    ...otherModelsFinding(pod, bridge),
    ...displacedFinding(pod, bridge, now),
  ];
}

function stateFinding(pod: string, bridge: BridgePage): readonly Finding[] {
  if (bridge.state === 'withheld') {
    const says = `${pod} publishes nothing for LiteLLM: ${bridge.why}`;
    return [{ code: 'bridge-withheld', level: 'problem', says, todo: explainWithheld }];
  }
  if (bridge.state === 'standby') {
    const says = `${pod} stands by as a bridge: ${bridge.why}`;
    return [{ code: 'bridge-standby', level: 'note', says, todo: 'Nothing: one publishes, the others take over.' }];
  }
  const rows = `${bridge.healthy_count} healthy and ${bridge.unhealthy_count} unhealthy endpoints`;
  const says = `${pod} publishes ${rows} for LiteLLM under ${bridge.results_key}`;
  const publishing: Finding = { code: 'bridge-publishing', level: 'note', says, todo: 'Nothing.' };
  return bridge.litellm_pods.length > 0 ? [publishing] : [publishing, unnoticed(pod, bridge)];
}

function unnoticed(pod: string, { results_key: key }: BridgePage): Finding {
  return {
    code: 'bridge-unnoticed',
    level: 'note',
    says: `${pod} has seen no LiteLLM pod since its start, or for an hour.`,
    todo:
      'That is right while all of them read what it publishes: readers leave no trace. If they go on probing, they have ' +
      `another Redis, another namespace than that of ${key}, or use_shared_health_check is not true in their file, or ` +
      'health_check_interval is text there, with which LiteLLM never looks.',
  };
}

function strayFinding(pod: string, { stray_key: stray, results_key: key }: BridgePage): readonly Finding[] {
  if (stray === null) return [];
  return [
    {
      code: 'bridge-other-namespace',
      level: 'problem',
      says: `${pod} publishes for LiteLLM under ${key}, and results of LiteLLM's own lie under ${stray}`,
      todo:
        'Some LiteLLM pods have no namespace: give all of them the namespace of cache_params, or the bridge none. Pods of ' +
        'another LiteLLM fleet on the same Redis may well have none.',
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
        `${pod} has not all that results of LiteLLM's own had at ${others.seen_at}, and nobody probes the rest while it ` +
        `publishes; by their ids ${others.unwatched_count}: ${named.join(', ')}`,
      todo:
        "Give the bridge the LiteLLM pods' own file and variables. An id is made of litellm_params, the upstream's key " +
        'among them: another key is another id. Models in the database of LiteLLM are in no file. If it is put right since ' +
        'then: LiteLLM tells nothing while it reads, and a restart of the bridge forgets this.',
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
      says: `${pod} found results of LiteLLM's own in the place of what it published, last at ${at}`,
      todo:
        'Once, after a start, is a round that was running. Again and again, LiteLLM takes the publication for too old: ' +
        'DEFAULT_SHARED_HEALTH_CHECK_TTL must be the same in all pods, and their clocks right.',
    },
  ];
}

const explainWithheld =
  'LiteLLM probes by itself meanwhile. Ask `allswell explain` about the models that are named: why nobody judged them, or ' +
  'why nobody has looked for so long. A paused fleet, a spent budget and a lost way to the upstream are usual. Where next to ' +
  "nothing is healthy, look at the bridge's own way first: network policies, proxies, keys that only it has.";
