import type { FleetPage } from '../ask/index.ts';
import type { Finding } from './finding.ts';

/** Why a pod works by itself. */
export function whyNotShared({ pod, fleet, mode, pods, setup, store }: FleetPage): readonly Finding[] {
  const findings: Finding[] = [];
  const found = (code: Finding['code'], level: Finding['level'], says: string, todo: string): void =>
    void findings.push({ code, level, says, todo });
  if (!setup.sharing_requested) {
    found('sharing-not-enabled', 'problem', `${pod} shares nothing: nobody asked it to.`, enableSharing);
  } else if (!setup.redis_configured) {
    found('redis-not-configured', 'problem', `${pod} is to share, but no Redis is configured.`, configureRedis);
  }
  if (setup.health_checks === 'on-demand' || setup.health_checks === 'on-demand-shared') {
    const says = `${pod} has background checks off: a model is probed only when somebody asks for its health.`;
    found('background-checks-off', 'problem', says, enableBackground);
  }
  const shares = setup.sharing_requested && setup.redis_configured;
  if (shares && (!store.available || mode === 'fallback')) {
    const says = `${pod} works without its Redis: ${store.problem ?? 'it is back, and sharing begins again'}`;
    found('redis-unavailable', 'problem', says, redisAdvice(store.problem ?? ''));
  }
  if (shares && store.available && mode === 'shared' && pods.length <= 1) {
    found('alone-in-fleet', 'note', `${pod} is the only live pod of the fleet ${fleet}.`, findOthers);
  }
  if (setup.eviction_policy !== null && setup.eviction_policy !== 'noeviction') {
    const says = `Redis has maxmemory-policy ${setup.eviction_policy}: it may remove records and leases when memory is short.`;
    found('store-may-evict', 'problem', says, 'Set maxmemory-policy noeviction, or give the fleet a Redis of its own.');
  }
  return findings;
}

const enableSharing =
  'Set general_settings.use_shared_health_check: true, or USE_SHARED_HEALTH_CHECK=true, in every pod. ' +
  'A false in the file beats the variable.';

const configureRedis =
  'Set REDIS_HOST (and REDIS_PASSWORD), litellm_settings.cache_params of type redis, or general_settings.coordination_redis.';

const enableBackground = 'Set general_settings.background_health_checks: true to probe at health_check_interval.';

const findOthers =
  'If there are more, they have another Redis, another fleet name (fleet_health.fleet, else the namespace of the cache, ' +
  'else default), or do not share. Ask one of them in the same breath: --url given twice compares.';

/** By what happened, in the words of Redis, of its client and of the network. */
function redisAdvice(problem: string): string {
  // Behind it come the address and the pod's own advice: a host may be called auth, and the advice may name a certificate.
  const [happened = ''] = problem.split(' (Redis at ');
  return advice.find(([words]) => words.test(happened))?.[1] ?? 'Look at host, port, network and the log of Redis.';
}

const advice: readonly (readonly [RegExp, string])[] = [
  [/ENOTFOUND|EAI_AGAIN/, 'The name of its host cannot be resolved from the pod.'],
  [
    /\b(WRONGPASS|NOAUTH|ERR AUTH)\b|invalid (username-)?password/,
    'The password or the user is wrong or missing: REDIS_PASSWORD, REDIS_USERNAME, cache_params.',
  ],
  [/\bNOPERM\b/, 'The user lacks rights; the page about running on Redis has the line that grants all it needs.'],
  [/\bOOM\b|out of memory/, 'The memory of Redis is full: raise maxmemory or remove what else lives there.'],
  [/\bMISCONF\b/, 'It cannot save its data, and takes no writes until it can: look at its disk and its log.'],
  [/\bREADONLY\b/, 'It is a replica: name the master, or use sentinel_nodes.'],
  [/\bLOADING\b/, 'It has just started and reads its data; wait.'],
  [/\b(CLUSTERDOWN|TRYAGAIN)\b/, 'The cluster has lost slots; look at its nodes.'],
  [
    /before Redis sent an answer/,
    'A connection was opened and closed without an answer. Look first whether Redis runs behind that proxy or load balancer; else the port may expect TLS (ssl: true).',
  ],
  [
    /certificate|Hostname\/IP|SSL routines|wrong version number/,
    'TLS: ssl, ssl_ca_certs, ssl_check_hostname and the name in the certificate must fit.',
  ],
  [
    /no answer|timeout|timed out|ETIMEDOUT/i,
    'It takes more than 250 ms: it hangs, is busy with a slow command, or is far away.',
  ],
  [
    /ECONNREFUSED|not connected|ECONNRESET|closed/,
    'Nothing listens there, or the way is closed: host, port, network policy.',
  ],
];
