import type { BridgePage, FleetPage } from '../ask/index.ts';
import { ageWords } from '../show/times.ts';
import type { Finding } from './finding.ts';
import { redisAdvice } from './redis-advice.ts';

/** Results of LiteLLM's own in the place of ours matter while they are news. */
const RECENT_MS = 10 * 60_000;

/** What a bridge to LiteLLM does, and why it does not. A pod that was not asked to be one has nothing to tell. */
export function whyBridge({ pod, pods, setup, bridge, now, unprobed = [] }: FleetPage): readonly Finding[] {
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
        todo: bridge.state === 'unreachable' ? redisAdvice(bridge.why ?? '') : withoutRedis(setup.redis_configured),
      },
    ];
  }
  return [
    ...(bridge.state === 'standby' ? [standbyFinding(pod, bridge, pods.length)] : stateFinding(pod, bridge, now)),
    ...unnamespacedFinding(pod, bridge),
    ...otherModelsFinding(pod, bridge),
    ...unprobedFinding(unprobed),
    ...displacedFinding(pod, bridge, now),
  ];
}

function withoutRedis(isConfigured: boolean): string {
  const why = isConfigured ? '' : 'No Redis is configured. ';
  return `${why}The bridge needs the Redis of the LiteLLM pods: give it their configuration file and environment variables.`;
}

function stateFinding(pod: string, bridge: BridgePage, now: string): readonly Finding[] {
  if (bridge.state === 'withheld') {
    const says = `${pod} does not publish results for LiteLLM: ${bridge.why}`;
    return [{ code: 'bridge-withheld', level: 'problem', says, todo: explainWithheld }];
  }
  const rows = `${bridge.healthy_count} healthy and ${bridge.unhealthy_count} unhealthy endpoints`;
  const says = `${pod} publishes ${rows} for LiteLLM under ${bridge.results_key}`;
  const publishing: Finding = { code: 'bridge-publishing', level: 'note', says, todo: 'Nothing to do.' };
  return [publishing, useFinding(pod, bridge, now)];
}

/** A pod that takes no part in publishing, such as an impaired one, is no standby where it is alone. */
function standbyFinding(pod: string, { why, holder }: BridgePage, livePods: number): Finding {
  if (livePods === 1 && holder === null) {
    const says = `No pod publishes results for LiteLLM: ${pod} is the only one, and ${why}`;
    return { code: 'bridge-withheld', level: 'problem', says, todo: explainAlone };
  }
  const says = `${pod} is a standby bridge: ${why}`;
  return { code: 'bridge-standby', level: 'note', says, todo: askHolder };
}

/** Whether LiteLLM pods use what is published: a pod that only reads leaves no name, but the time of its read. */
function useFinding(pod: string, bridge: BridgePage, now: string): Finding {
  const { litellm_pods: names, litellm_signs: signs, reads_visible: visible, publishing_since: since } = bridge;
  const use = newest([signs?.read, signs?.results]);
  if (use !== undefined || names.length > 0) {
    const when = use === undefined ? '' : `, last ${agoOf(use, now)}`;
    // A name is that of a LiteLLM pod; a read may be that of any client.
    const named = names.length > 0 || (signs?.results ?? null) !== null;
    const says = named
      ? `LiteLLM pods use the results of ${pod}${when}.`
      : `A client reads the results of ${pod}${when}; a read does not show whether it is a LiteLLM pod.`;
    return { code: 'bridge-used', level: 'note', says, todo: 'Nothing to do.' };
  }
  const other = newest([signs?.cooldown, signs?.events]);
  const there =
    other === undefined
      ? ''
      : ` LiteLLM pods are there: one reported a request or began a cooldown ${agoOf(other, now)}.`;
  const isOld = since !== undefined && since !== null && Date.parse(now) - Date.parse(since) > UNREAD_AFTER_MS;
  if (visible === true && isOld) {
    const says = `No client has read the results of ${pod} since ${laterOf(since, now)}.${there}`;
    return { code: 'bridge-unread', level: 'problem', says, todo: checkReaders(bridge) };
  }
  const unknown = visible === false ? ' Redis does not show reads of a key to this bridge.' : '';
  return {
    code: 'bridge-unnoticed',
    level: 'note',
    says: `${pod} has not seen a LiteLLM pod use its results yet.${unknown}${there}`,
    todo:
      visible === false
        ? `Reads are seen with the right object|idletime and without an LFU eviction policy. If LiteLLM pods still probe: ${checkReaders(bridge)}`
        : `Wait: a LiteLLM pod reads once per health_check_interval. If LiteLLM pods still probe: ${checkReaders(bridge)}`,
  };
}

/** LiteLLM's interval is 300 s by default, and four in five reads are seen. */
const UNREAD_AFTER_MS = 15 * 60_000;
/** Signs are kept so long. */
const SIGNS_KEPT_MS = 60 * 60_000;

function newest(times: readonly (string | null | undefined)[]): string | undefined {
  return times
    .flatMap((time) => time ?? [])
    .toSorted()
    .at(-1);
}

function agoOf(time: string, now: string): string {
  return `${ageWords(Math.max(0, (Date.parse(now) - Date.parse(time)) / 1_000))} ago`;
}

function laterOf(since: string, now: string): string {
  return new Date(Math.max(Date.parse(since), Date.parse(now) - SIGNS_KEPT_MS)).toISOString();
}

/** The command asks the pods themselves, and names the setting that differs. */
function checkReaders({ results_key: key }: BridgePage): string {
  return (
    'Run allswell bridge verify --config <file> --litellm <URL of each LiteLLM pod>. ' +
    `It checks that LiteLLM pods use the same Redis and the namespace of ${key}, that use_shared_health_check is true in their file, ` +
    'and that they read: with a string for health_check_interval, LiteLLM never reads shared results.'
  );
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

const askHolder =
  'Nothing to do: one bridge publishes, the others take over if it stops. Only the pod that publishes finds what is wrong with ' +
  'results, cooldowns and LiteLLM pods: ask it, too, with its --url.';

const explainAlone =
  'LiteLLM pods probe as soon as the results expire, and no cooldown is renewed. Correct what the findings above say about this pod, ' +
  'or start another bridge on another node.';

const grantRights =
  "The Redis user lacks the bridge's rights: run the command above on Redis, with its name for <user>.";

const explainWithheld =
  'LiteLLM pods probe in the meantime. Run `allswell explain` for the named models: it shows why they have no verdict, or ' +
  'why no pod has probed them recently. Usual causes: paused probing, a spent probe budget, no network to the upstream. If too few ' +
  "hosts are healthy, check the bridge's own network first: network policies and its keys.";
