import type { FleetPage } from '../ask/index.ts';
import { ageWords } from '../show/times.ts';
import type { Finding } from './finding.ts';

/** Why a pod works by itself. */
export function whyNotShared(page: FleetPage): readonly Finding[] {
  const { pod, fleet, mode, pods, setup, store } = page;
  const findings: Finding[] = [];
  const found = (code: Finding['code'], level: Finding['level'], says: string, todo: string): void =>
    void findings.push({ code, level, says, todo });
  if (!setup.sharing_requested) {
    found('sharing-not-enabled', 'problem', `${pod} does not share health: sharing is not enabled.`, enableSharing);
  } else if (!setup.redis_configured) {
    found(
      'redis-not-configured',
      'problem',
      `${pod} cannot share health: sharing is enabled, but no Redis is configured.`,
      configureRedis,
    );
  }
  if (setup.health_checks === 'on-demand' || setup.health_checks === 'on-demand-shared') {
    const says = `${pod} has background checks off: models are probed only on request.`;
    found('background-checks-off', 'problem', says, enableBackground);
  }
  const shares = setup.sharing_requested && setup.redis_configured;
  if (shares && (!store.available || mode === 'fallback')) {
    const says = `${pod} works without Redis: ${store.problem ?? 'Redis answers again, sharing is about to resume'}`;
    found('redis-unavailable', 'problem', says, `${meanwhile} ${redisAdvice(store.problem ?? '')}`);
  }
  if (shares && store.available && mode === 'shared' && pods.length <= 1) {
    found('alone-in-fleet', 'note', `${pod} is the only live pod of the fleet ${fleet}${goneText(page)}.`, findOthers);
  }
  if (setup.eviction_policy !== null && setup.eviction_policy !== 'noeviction') {
    const says = `Redis has maxmemory-policy ${setup.eviction_policy}: it may evict records and leases when memory is short.`;
    found(
      'store-may-evict',
      'problem',
      says,
      'Set maxmemory-policy noeviction, or use a separate Redis for the fleet.',
    );
  }
  return findings;
}

const enableSharing =
  'Set general_settings.use_shared_health_check: true, or USE_SHARED_HEALTH_CHECK=true, in every pod. ' +
  'If the file says false, the variable has no effect.';

const configureRedis =
  'Set REDIS_HOST (and REDIS_PASSWORD), litellm_settings.cache_params of type redis, or general_settings.coordination_redis.';

const enableBackground = 'Set general_settings.background_health_checks: true to probe at health_check_interval.';

const meanwhile = 'Until then the pods keep their verdicts and probe in turns.';

const findOthers =
  'Check that the other pods run. If they run, they use another Redis or another fleet name (fleet_health.fleet, else the namespace of the cache, ' +
  'else default), or do not share. Repeat --url to compare with one of them.';

/** Pods that probed lately and are gone, by what the records say of their last observers. */
function goneText({ pod, pods, targets, now }: FleetPage): string {
  const live = new Set([pod, ...pods.map((one) => one.pod)]);
  const nowUs = Date.parse(now) * 1_000;
  const last = targets.flatMap(({ record }) => (record === null ? [] : [record.last]));
  const gone = last.filter((one) => !live.has(one.pod) && nowUs - one.at < RECENT_US);
  if (gone.length === 0) return '';
  const age = ageWords((nowUs - Math.max(...gone.map(({ at }) => at))) / 1_000_000);
  return `; ${[...new Set(gone.map((one) => one.pod))].join(', ')} probed until ${age} ago and left`;
}

const RECENT_US = 600_000_000;

/** By what happened, in the words of Redis, of its client and of the network. */
function redisAdvice(problem: string): string {
  // Behind it come the address and the pod's own advice: a host may be called auth, and the advice may name a certificate.
  const [happened = ''] = problem.split(' (Redis at ');
  return advice.find(([words]) => words.test(happened))?.[1] ?? 'Check host, port, network and the log of Redis.';
}

const advice: readonly (readonly [RegExp, string])[] = [
  [/ENOTFOUND|EAI_AGAIN/, 'The pod cannot resolve the host name of Redis: check REDIS_HOST and DNS.'],
  [
    /\b(WRONGPASS|NOAUTH|ERR AUTH)\b|invalid (username-)?password/,
    'The password or the user is wrong or missing: REDIS_PASSWORD, REDIS_USERNAME, cache_params.',
  ],
  [/\bNOPERM\b/, 'The user lacks rights: run the command above on Redis, with its name for <user>.'],
  [/\bOOM\b|out of memory/, 'The memory of Redis is full: raise maxmemory or remove other data.'],
  [/\bMISCONF\b/, 'Redis cannot save its data and refuses writes: check its disk and its log.'],
  [/\bREADONLY\b/, 'This Redis is a replica: configure the master, or use sentinel_nodes.'],
  [/\bLOADING\b/, 'Redis has just started and is loading its data: wait.'],
  [/\b(CLUSTERDOWN|TRYAGAIN)\b/, 'The cluster does not serve all slots: check its nodes.'],
  [
    /before Redis sent an answer/,
    'The connection was closed without an answer: check that Redis runs behind the proxy or load balancer; otherwise the port may expect TLS (ssl: true).',
  ],
  [
    /certificate|Hostname\/IP|SSL routines|wrong version number/,
    'TLS failed: check ssl, ssl_ca_certs, ssl_check_hostname and the name in the certificate.',
  ],
  [
    /no answer|timeout|timed out|ETIMEDOUT/i,
    'Redis takes more than 250 ms to answer: check the Redis process, SLOWLOG and the network.',
  ],
  [
    /ECONNREFUSED|not connected|ECONNRESET|closed/,
    'Nothing listens on this address, or the network blocks it: check host, port and network policies.',
  ],
];
