import type { FleetBody, FleetTargetBody } from '../../src/api/index.ts';
import type { Facts, FailureClass, Observation, Overload, PodId, FailureSeries } from '../../src/health/index.ts';

// Bodies of `/fleet`, whole, as pods answer them.

export const NOW = '2026-11-23T06:00:05.000Z';
export const SINCE = '2026-11-23T06:00:00.000Z';
const SINCE_US = Date.parse(SINCE) * 1_000;

export const last: Observation = {
  at: SINCE_US,
  answeredAt: SINCE_US + 12_000,
  pod: 'pod_a',
  source: 'probe',
  reason: 'scheduled',
  level: 'inference',
  ok: true,
  latencyMs: 12,
};
export const good: Facts = {
  format: 2,
  run: { kind: 'ok', length: 1, since: SINCE_US },
  lastSuccess: { inference: SINCE_US },
  last,
};

/** A target that is up, with changes. */
export function targetOf(change: Partial<FleetTargetBody>): FleetTargetBody {
  return {
    target: 'id-a',
    model: 'openai/a',
    deployments: [],
    upstream_host: 'up.test',
    region: null,
    state: 'up',
    effective: change.state ?? 'up',
    hold: null,
    stale: false,
    why: 'the last probe passed',
    flags: [],
    local_only: false,
    since: SINCE,
    checked_at: SINCE,
    age_seconds: 5,
    next_due_at: null,
    lease: null,
    version: 1,
    record: good,
    ...change,
  };
}

/** The facts of a failing target. */
export function failed(failure: FailureClass, pods: readonly PodId[] = ['pod_a', 'pod_b']): Facts {
  return {
    format: 2,
    run: { kind: 'failed', length: pods.length, since: SINCE_US },
    failureRun: { class: failure, message: 'it fails', after: 0, afterSince: SINCE_US, ...seenBy(pods) },
    lastSuccess: {},
    last: { ...last, ok: false, failure: { class: failure, message: 'it fails' } },
  };
}

/** 429 answers of these pods. */
export function overloadSeenBy(...pods: readonly PodId[]): Overload {
  return { message: 'no', ...seenBy(pods) };
}

function seenBy(pods: readonly PodId[]): FailureSeries {
  const witnesses = pods.map((pod, i) => ({ pod, at: SINCE_US, position: i + 1 }));
  return { level: 'inference', since: SINCE_US, at: SINCE_US, length: pods.length, witnesses };
}

/** The `/fleet` answer of one of two pods with these targets. */
export function pageOf(targets: readonly FleetTargetBody[], pod: string = 'pod_a', now: string = NOW): FleetBody {
  const member = {
    self: false,
    pod_name: null,
    version: '1',
    policy_hash: 'p',
    targets_hash: 't',
    started_at: SINCE,
    mode: 'shared' as const,
    impaired: false,
    lag: null,
    unreached: [],
    unseen: [],
    other_targets: null,
  };
  return {
    pod,
    pod_name: null,
    fleet: 'default',
    mode: 'shared',
    since: SINCE,
    now,
    impaired: false,
    probing_paused: null,
    store: { available: true, problem: null, epoch: 'e', seq: 1 },
    pods: [
      { ...member, pod: 'pod_a' },
      { ...member, pod: 'pod_b' },
    ],
    leases: [],
    money: { as_of: null, lost_at: null, budget, days: [], targets: [] },
    incidents: [],
    quarantined: [],
    unprobed: [],
    targets,
    bridge,
    traffic: { observations: [], event_problems: [], probes_avoided: 0, usd_avoided: 0, unpriced_probes_avoided: 0 },
    requests: { covered_seconds: 60, refused: 0, groups: [], deployments: [], unconfirmed_failures: [] },
    setup: {
      health_checks: 'shared',
      sharing_requested: true,
      redis_configured: true,
      litellm_bridge: false,
      events_key: false,
      expected_pods: null,
      eviction_policy: 'noeviction',
    },
  };
}

const budget: FleetBody['money']['budget'] = {
  probes_per_hour: null,
  usd_per_day: null,
  probes_this_hour: null,
  usd_today: null,
  hour_ends_at: null,
  day_ends_at: null,
};

const noneByReason = { down: 0, 'rate-limited': 0, drained: 0 };

export const cooldowns: FleetBody['bridge']['cooldowns'] = {
  mode: 'off',
  configured_mode: 'off',
  restriction: null,
  pod: null,
  problem: null,
  router_redis: false,
  held: [],
  last_routable: [],
  litellm: [],
  counts: { written: noneByReason, refused: noneByReason, noticed: 0, writes: 0, failures: 0 },
};

const bridge: FleetBody['bridge'] = {
  state: 'off',
  why: 'litellm_bridge is off',
  waiting_for: [],
  holder: null,
  results_key: null,
  published_at: null,
  expires_at: null,
  healthy_count: 0,
  unhealthy_count: 0,
  publications: 0,
  displaced: { litellm: 0, unknown: 0, vanished: 0 },
  litellm_results_at: null,
  other_models: null,
  unnamespaced_key: null,
  litellm_pods: [],
  litellm_signs: { results: null, read: null, cooldown: null, events: null },
  reads_visible: null,
  publishing_since: null,
  probes_avoided: 0,
  usd_avoided: 0,
  cooldowns,
};
