import type { FleetPage } from '../../src/cli/ask/index.ts';

// Answers of `/fleet`, as commands read them.

type Target = FleetPage['targets'][number];
type Record = NonNullable<Target['record']>;

export const NOW = '2026-11-23T06:00:05.000Z';
export const SINCE = '2026-11-23T06:00:00.000Z';
export const lastProbe = { pod: 'pod_a', latencyMs: 12 };
export const good: Record = { lastProbe, run: { kind: 'ok' } };

/** A target that is up, with changes. */
export function targetOf(change: Partial<Target>): Target {
  return {
    target: 'id-a',
    model: 'openai/a',
    deployments: [],
    state: 'up',
    stale: false,
    why: 'the last probe passed',
    flags: [],
    local_only: false,
    since: SINCE,
    checked_at: SINCE,
    age_seconds: 5,
    next_due_at: null,
    lease: null,
    record: good,
    ...change,
  };
}

/** What is in the record of a target that fails. */
export function failed(failure: string, pods: readonly string[] = ['pod_a', 'pod_b']): Record {
  return {
    lastProbe,
    run: { kind: 'failed' },
    trouble: { class: failure, witnesses: pods.map((pod) => ({ pod })) },
  };
}

/** What a pod of two answers of these targets. */
export function pageOf(targets: readonly Target[], pod: string = 'pod_a', now: string = NOW): FleetPage {
  const member = {
    self: false,
    version: '1',
    policy_print: 'p',
    targets_print: 't',
    started_at: SINCE,
    impaired: false,
  };
  return {
    pod,
    fleet: 'default',
    mode: 'shared',
    since: SINCE,
    now,
    impaired: false,
    store: { available: true, problem: null, epoch: 'e' },
    pods: [
      { ...member, pod: 'pod_a' },
      { ...member, pod: 'pod_b' },
    ],
    leases: [],
    quarantined: [],
    targets,
    setup: { health_checks: 'shared', sharing_requested: true, redis_configured: true, eviction_policy: 'noeviction' },
  };
}
