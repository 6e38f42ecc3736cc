import type { ExplainBody, NextProbeBody, PolicyBody } from '../../api/index.ts';
import { staleAfterMs } from '../../health/index.ts';
import type { FleetStatus, Forecast, TargetView } from '../../ports/index.ts';
import type { ProbeTarget } from '../../config/index.ts';
import type { AdminConfig, AdminOptions } from '../admin-options.ts';
import { evidenceOf } from './explain-evidence.ts';
import { wouldChange } from './explain-change.ts';
import { redacted, targetOf } from './fleet-body.ts';
import { heldOf } from '../holds/holds-shown.ts';
import { isoOf, isoOrNull, secondsOf } from '../times.ts';

type ExplainParts = Pick<AdminOptions, 'fleet' | 'config' | 'redact'>;

/** One target, explained as data: what is known and how old it is, by what rules it was judged, and what comes next. */
export function explain({ fleet, config, redact }: ExplainParts, id: string): ExplainBody | undefined {
  const [view, forecast] = [fleet.target(id), fleet.forecast(id)];
  const target = config.targets.find((one) => one.id === id);
  if (view === undefined || forecast === undefined || target === undefined) return undefined;
  const status = fleet.status();
  return redacted(
    {
      pod: status.pod,
      pod_names: namesOf(status),
      now: isoOf(status.now),
      ...targetOf(view, config),
      evidence: evidenceOf(view, status),
      policy: policyOf(config, { target, forecast, status }),
      next_probe: nextProbeOf(view, forecast, status),
      would_change: wouldChange(view, { policy: config.policy, forecast }),
    },
    redact,
  );
}

function namesOf({ pod, podName, members }: FleetStatus): ExplainBody['pod_names'] {
  const own = members.some((one) => one.pod === pod) ? [] : [{ pod, name: podName }];
  return [...own, ...members].flatMap(({ pod: id, name }) => (name === undefined ? [] : [{ pod: id, pod_name: name }]));
}

interface Judged {
  readonly target: ProbeTarget;
  readonly forecast: Forecast;
  readonly status: FleetStatus;
}

function policyOf(config: AdminConfig, { target, forecast, status }: Judged): PolicyBody {
  const { rise, fall, edgeIntervalMs } = config.policy;
  const others = status.members.filter(({ policyHash }) => policyHash !== config.policyHash);
  return {
    rise,
    fall,
    edge_interval_seconds: edgeIntervalMs / 1000,
    interval_seconds: target.intervalMs / 1000,
    timeout_seconds: target.timeoutMs / 1000,
    level: target.level,
    stale_after_seconds: staleAfterMs(config.cacheTtlMs, forecast.everyMs, target.timeoutMs) / 1000,
    background: target.background,
    policy_hash: config.policyHash,
    pods_with_other_policy: others.map(({ pod }) => pod),
  };
}

function nextProbeOf(
  { lease }: TargetView,
  { at, pods, reason }: Forecast,
  { now, pause }: FleetStatus,
): NextProbeBody {
  const none = { reason, at: null, in_seconds: null, by: null, otherwise: [] } as const;
  if (lease !== null) return { ...none, kind: 'running', by: lease.pod };
  if (pause !== null) return { ...none, kind: 'paused', paused: heldOf(pause) };
  const [by = null, ...otherwise] = pods;
  // Never judged: at once, which is no time of its own.
  const due = at === null ? null : Math.max(at, now);
  return {
    kind: at === null ? 'on-demand' : 'planned',
    reason,
    at: isoOrNull(due),
    in_seconds: due === null ? null : secondsOf((due - now) / 1000),
    by,
    otherwise,
  };
}
