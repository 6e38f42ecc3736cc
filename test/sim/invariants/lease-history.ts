import { gridDue, newestEvidenceAt, reaches } from '../../../src/health/index.ts';
import type { PodId, TargetId } from '../../../src/health/index.ts';
import type { ClaimRequest, LiveLease } from '../../../src/ports/index.ts';
import type { RecordHistory } from './record-history.ts';
import { Violation } from './violation.ts';
import type { Checked } from './violation.ts';

/** After a clock step leases and due times are uncertain for this time. */
const UNCERTAIN_MS = 60_000;

/** Invariant 1, recorded independently: the holder of each lease, and the due time of its grant. */
export interface LeaseHistory {
  granted(pod: PodId, request: ClaimRequest, lease: { readonly grant: number; readonly until: number }): void;
  renewed(pod: PodId, target: TargetId, grant: number, until: number): void;
  /** The lease was released by a commit or a release. */
  ended(target: TargetId, grant: number): void;
  /** A paid probe starts in a pod in shared mode. */
  probeStarted(pod: PodId, target: TargetId): void;
  /** Live leases of a pod. */
  of(pod: PodId): LiveLease[];
  reset(): void;
}

export function leaseHistory(parts: {
  readonly storeNowUs: () => number;
  readonly clockErrorMs: () => number;
  readonly records: RecordHistory;
  readonly checked: Checked;
}): LeaseHistory {
  const { storeNowUs, clockErrorMs, records, checked } = parts;
  const held = new Map<TargetId, LiveLease>();
  const dueTimes = new Map<string, number>();
  const grants = new Set<string>();
  const certain = (): boolean => records.resetAgoMs() > UNCERTAIN_MS;
  const live = (lease: LiveLease | undefined): lease is LiveLease => lease !== undefined && lease.until > storeNowUs();

  /** One scheduled grant per due time, plus one for each lease that ended without a commit. */
  function checkDueTime({ target, reason, everyMs, version, level = 'inference' }: ClaimRequest, grant: number): void {
    const last = records.last(target);
    // After a step back, evidence dated ahead of the clock counts as old at once, which may cost one more probe.
    if (last === undefined || reason !== 'scheduled' || !certain()) return;
    const due = gridDue(newestEvidenceAt(last, level), target, everyMs);
    if (grant < Math.min(due, last.nextDueAt) - clockErrorMs() * 1000) {
      throw new Violation(`invariant 1: ${target} granted at ${grant}, due at ${due} only`);
    }
    if (version !== last.version) return;
    const point = `${target} ${everyMs} ${due} ${level}`;
    const before = dueTimes.get(point);
    dueTimes.set(point, grant);
    checked('1: one grant for a due time');
    // An unbilled check that only connected does not change the due time.
    const reached = reaches(last.facts.last.level, level);
    if (before !== undefined && reached && records.wasCommitted(target, before)) {
      throw new Violation(`invariant 1: ${target} granted at ${grant} for ${due} again, ${before} was committed`);
    }
  }

  return {
    granted(pod, request, { grant, until }) {
      const { target } = request;
      const last = held.get(target);
      held.set(target, { target, pod, grant, until });
      // A repeated grant is the same lease: its first answer was lost, or a failover restored it.
      if (grants.has(`${target} ${grant}`)) return;
      grants.add(`${target} ${grant}`);
      if (live(last) && certain()) {
        throw new Violation(`invariant 1: ${pod} was granted ${target}, ${last.pod} holds it until ${last.until}`);
      }
      if (certain() && last !== undefined && grant < last.grant) {
        throw new Violation(`invariant 2: the grants of ${target} went from ${last.grant} to ${grant}`);
      }
      checkDueTime(request, grant);
    },
    renewed(pod, target, grant, until) {
      const last = held.get(target);
      if (last?.grant === grant && last.pod === pod) held.set(target, { ...last, until });
    },
    ended(target, grant) {
      const last = held.get(target);
      if (last?.grant === grant) held.set(target, { ...last, until: 0 });
    },
    probeStarted(pod, target) {
      if (!certain()) return;
      checked('1: a probe under a live lease');
      const lease = held.get(target);
      if (live(lease) && lease.pod === pod) return;
      throw new Violation(`invariant 1: ${pod} probes ${target} without a lease`);
    },
    of: (pod) => [...held.values()].filter((lease) => lease.pod === pod && live(lease)),
    reset() {
      held.clear();
      dueTimes.clear();
    },
  };
}
