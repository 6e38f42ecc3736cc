import type { FleetBody, PodBody, LivePodMode, TargetBody } from '../../api/index.ts';
import type { AllswellConfig, Deployment, ProbeTarget } from '../../config/index.ts';
import type { FleetReader, FleetStatus, TargetView } from '../../ports/index.ts';
import { heldOf } from '../holds/holds-shown.ts';
import { moneyBody } from './money-body.ts';
import { isoOf, isoOrNull, secondsOf } from '../times.ts';

type Redact = (text: string) => string;

/** `GET /fleet`: all that this pod knows, with the reasons. */
export function fleetBody(
  fleet: FleetReader,
  targets: readonly ProbeTarget[],
  deployments: readonly Deployment[],
  redact: Redact,
): Omit<FleetBody, 'bridge' | 'requests' | 'setup' | 'traffic' | 'unprobed'> {
  const status = fleet.status();
  const names = new Map(targets.map(({ id, name }) => [id, name]));
  return {
    pod: status.pod,
    pod_name: status.podName ?? null,
    fleet: status.fleet,
    mode: status.mode,
    since: isoOf(status.modeSince),
    now: isoOf(status.now),
    impaired: status.impaired,
    probing_paused: redacted(heldOf(status.pause), redact),
    store: {
      available: status.storeAvailable,
      problem: redacted(status.storeProblem, redact),
      epoch: status.epoch,
      seq: status.seq,
    },
    pods: status.members.map((member) => podOf(member, status, names)),
    leases: status.leases.map(({ target, pod, until }) => ({
      target,
      model: names.get(target) ?? null,
      pod,
      until: isoOf(until),
    })),
    money: moneyBody(fleet.money(), status.now, names),
    incidents: status.incidents.map(({ kind, at, count, what }) => {
      return { kind, at: isoOf(at), count, what: redact(what) };
    }),
    quarantined: status.quarantined.map((target) => ({ target, model: names.get(target) ?? null })),
    targets: fleet
      .targets()
      .map((view) => redacted({ ...targetOf(view, { targets, deployments }), record: view.facts }, redact)),
  };
}

function podOf(
  member: FleetStatus['members'][number],
  status: FleetStatus,
  names: ReadonlyMap<string, string>,
): PodBody {
  const { pod, listDifferences = [] } = status;
  const mode = modeOf(member, status);
  const difference = listDifferences.find((one) => one.pod === member.pod);
  return {
    pod: member.pod,
    pod_name: member.name ?? null,
    self: member.pod === pod,
    version: member.version,
    policy_hash: member.policyHash,
    targets_hash: member.targetsHash,
    started_at: new Date(member.startedAt).toISOString(),
    mode,
    impaired: member.impaired,
    lag:
      member.lag === undefined || mode !== 'shared'
        ? null
        : { at_least_seconds: member.lag.seconds, since: new Date(member.lag.since).toISOString() },
    unreached: member.unreached,
    unseen: member.blind,
    other_targets:
      difference === undefined
        ? null
        : { lacks: difference.lacks.map((id) => names.get(id) ?? id), extra: difference.extra },
  };
}

/** A pod whose heartbeat is live has the store, and shares. */
function modeOf(member: FleetStatus['members'][number], { pod, mode, storeAvailable }: FleetStatus): LivePodMode {
  if (member.pod === pod) return mode;
  return mode === 'shared' && storeAvailable ? 'shared' : 'last-known';
}

/** What every answer about a target begins with. */
export function targetOf(
  view: TargetView,
  { targets, deployments }: Pick<AllswellConfig, 'targets' | 'deployments'>,
): TargetBody {
  const mine = deployments.filter(({ targetId }) => targetId === view.id);
  const target = targets.find(({ id }) => id === view.id);
  return {
    target: view.id,
    model: target?.name ?? null,
    deployments: mine.map(({ modelName, modelId }) => ({ model_name: modelName, model_id: modelId })),
    upstream_host: target?.host ?? null,
    region: target?.region ?? null,
    state: view.state,
    effective: view.effective,
    hold: heldOf(view.hold),
    stale: view.stale,
    why: view.why,
    flags: view.flags,
    local_only: view.localOnly,
    since: isoOrNull(view.since),
    checked_at: isoOrNull(view.evidenceAt),
    age_seconds: view.ageMs === null ? null : secondsOf(view.ageMs),
    next_due_at: isoOrNull(view.nextDueAt),
    lease: view.lease === null ? null : { pod: view.lease.pod, until: isoOf(view.lease.until) },
    version: view.version,
  };
}

/** Messages in records were written by other pods, which know other secrets; the ones known here are taken out here. */
export function redacted<T>(value: T, redact: Redact): T {
  // Redaction changes texts, never the shape.
  return redactedJson(value, redact) as T;
}

function redactedJson(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactedJson(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, redactedJson(item, redact)]));
}
