import type { SharedStatusBody, SharingBody } from '../../api/index.ts';
import { podCountOf } from '../../ports/index.ts';
import type { FleetReader, TargetView } from '../../ports/index.ts';
import type { AdminConfig } from '../admin-options.ts';
import { isOnDemand } from './health-endpoint.ts';
import { heldOf } from '../holds/holds-shown.ts';
import { isoOf, secondsOf } from '../times.ts';

/** `GET /health/shared-status`: LiteLLM's document with the values of the running fleet. */
export function sharedStatus(fleet: FleetReader, config: AdminConfig): SharedStatusBody {
  if (!config.sharingRequested) {
    return { shared_health_check_enabled: false, message: 'Shared health check is not enabled' };
  }
  if (config.redis === null) {
    return { shared_health_check_enabled: true, redis_available: false, message: 'Redis is not configured' };
  }
  return { shared_health_check_enabled: true, status: statusOf(fleet, config) };
}

function statusOf(fleet: FleetReader, config: AdminConfig): SharingBody {
  const status = fleet.status();
  const judged = judgedTargets(fleet, config);
  const usable = judged.some(({ stale }) => !stale);
  return {
    pod_id: status.pod,
    redis_available: status.storeAvailable,
    lock_ttl: config.lockTtlMs / 1000,
    cache_ttl: config.cacheTtlMs / 1000,
    lock_owner: status.leaseOwner,
    lock_in_progress: status.leases.length > 0,
    cache_available: usable,
    ...(usable && {
      cache_age_seconds: secondsOf(Math.max(...judged.map(({ ageMs }) => ageMs ?? 0))),
      last_checked_by: status.lastCommitBy,
    }),
    ...(status.storeProblem !== null && { error: status.storeProblem }),
    mode: status.mode,
    ...(status.pause !== null && { probing_paused: heldOf(status.pause) }),
    since: isoOf(status.modeSince),
    lease_ttl_seconds: config.leaseMs / 1000,
    fleet: status.fleet,
    pods: podCountOf(status),
    targets: config.targets.length,
    epoch: status.epoch,
  };
}

/** Targets that this pod probes, as far as they have evidence. */
function judgedTargets(fleet: FleetReader, config: AdminConfig): TargetView[] {
  const enabled = config.targets.filter(({ background }) => background || isOnDemand(config));
  return enabled.flatMap(({ id }) => fleet.target(id) ?? []).filter(({ evidenceAt }) => evidenceAt !== null);
}
