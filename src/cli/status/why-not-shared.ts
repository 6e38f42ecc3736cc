import type { FleetPage } from '../ask/index.ts';
import { ageWords } from '../show/times.ts';
import type { Finding } from './finding.ts';
import { redisAdvice } from './redis-advice.ts';

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

const meanwhile = 'Until Redis answers, the pods keep their verdicts and probe in turns.';

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
