import {
  newestEvidenceAt,
  nextProbe,
  healthEvidenceAt,
  reaches,
  staleAfterMs,
  rebasedStamps,
  transition,
  clampStamps,
  verdictOf,
  withEvidence,
} from '../../health/index.ts';
import type {
  AblePod,
  Facts,
  VerdictContext,
  Observation,
  EvidenceStamps,
  NextProbe,
  OverBudget,
  StoreTime,
  TargetId,
  TargetRecord,
  Verdict,
  VerdictFlag,
} from '../../health/index.ts';
import type { AblePods } from '../membership/index.ts';
import type { SelfCheck } from './self-check.ts';
import { hostAndDomainOf } from '../options.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';
import { isAhead } from '../store/index.ts';
import type { StoreClock } from '../store/index.ts';
import type { Replica } from '../replication/index.ts';

/** Facts with the times of the newest evidence at each level. */
export interface Evidence extends EvidenceStamps {
  readonly facts: Facts;
}

/** Shortest wait for a second witness before the failure that one host alone saw counts. */
const LEAST_WAIT_MS = 15_000;

/** Evidence that the store has not taken. */
interface OwnEvidence extends Evidence {
  readonly target: FleetTarget;
  /** Newest probe at the target's own level, to be committed later. Unbilled checks are not committed. */
  readonly offer?: Observation;
}

/** Verdict of this pod on a target. `localOnly`: only this pod fails to reach it. */
export interface Belief extends Verdict {
  readonly stale: boolean;
  readonly localOnly: boolean;
}

/** Parts that beliefs are computed from. */
export interface BeliefParts {
  readonly replica: Replica;
  readonly storeClock: StoreClock;
  readonly ablePods: AblePods;
  readonly selfCheck: SelfCheck;
  readonly waitingSince: () => StoreTime;
}

/**
 * Beliefs of this pod about its targets, from the fleet's records, own evidence that the store has not taken, and the
 * self-check. Every part that judges or schedules reads them here.
 */
export class Beliefs {
  readonly #options: FleetOptions;
  readonly #replica: Replica;
  readonly #storeClock: StoreClock;
  readonly #ablePods: AblePods;
  readonly #selfCheck: SelfCheck;
  /** Own evidence newer than the fleet's record, kept until the store has taken it. */
  readonly #own = new Map<TargetId, OwnEvidence>();
  readonly #singleHost = new Map<TargetId, { readonly since: StoreTime; readonly heardAt: StoreTime }>();
  /** True while pods exchange evidence. Otherwise no other pod can be a second witness. */
  sharing = true;
  /** Since when this pod has shared without a pause of probing: other pods can have probed only since then. */
  readonly #waitingSince: () => StoreTime;

  constructor(options: FleetOptions, parts: BeliefParts) {
    this.#options = options;
    this.#replica = parts.replica;
    this.#storeClock = parts.storeClock;
    this.#ablePods = parts.ablePods;
    this.#selfCheck = parts.selfCheck;
    this.#waitingSince = parts.waitingSince;
  }

  /** The newer of the fleet's record and this pod's own evidence. */
  evidence(target: TargetId): Evidence | undefined {
    const record = this.#replica.record(target);
    const own = this.#own.get(target);
    return own !== undefined && this.#isNewer(own.facts.last.at, record?.facts.last.at ?? 0) ? own : record;
  }

  /** Keeps evidence that the store could not take. */
  keepOwn(target: FleetTarget, probe: Observation): void {
    if (this.isOutdated(target.id, probe)) return;
    const offer = reaches(probe.level, target.level) ? probe : this.#own.get(target.id)?.offer;
    this.#own.set(target.id, { target, ...this.after(target, probe), ...(offer === undefined ? {} : { offer }) });
  }

  /** True if newer evidence is known: an older probe never changes anything. */
  isOutdated(target: TargetId, probe: Observation, base: Evidence | undefined = this.evidence(target)): boolean {
    return base !== undefined && this.#isNewer(base.facts.last.at, probe.at);
  }

  /**
   * Compares two times. A time before the present store clock is newer than one from before that clock was set back.
   */
  #isNewer(one: StoreTime, other: StoreTime): boolean {
    if (one === other || this.#isAhead(one) === this.#isAhead(other)) return one > other;
    return this.#isAhead(other);
  }

  /** Shifts the times of own evidence when the estimate of the store's clock jumps. */
  shiftTimes(byUs: number): void {
    for (const [id, known] of this.#singleHost) this.#singleHost.set(id, { ...known, heardAt: known.heardAt + byUs });
    const moved = (probe: Observation): Observation => ({
      ...probe,
      at: probe.at + byUs,
      answeredAt: probe.answeredAt + byUs,
    });
    for (const [id, { target, facts, offer }] of Array.from(this.#own)) {
      this.#own.delete(id);
      // Times in records do not shift. Evidence that was older than the record is dropped.
      const recordAt = this.#replica.record(id)?.facts.last.at ?? 0;
      const probes = [offer, offer?.at === facts.last.at ? undefined : facts.last];
      for (const probe of probes) if (probe !== undefined && probe.at > recordAt) this.keepOwn(target, moved(probe));
    }
  }

  /** True if this success ends the failures: it is at least as deep as they were. */
  endsFailures(target: TargetId, probe: Observation): boolean {
    const { run, failureRun } = this.evidence(target)?.facts ?? {};
    return probe.ok && run?.kind === 'failed' && failureRun !== undefined && reaches(probe.level, failureRun.level);
  }

  /** Facts after `probe`; an older record can be given as the base. */
  after(
    { id }: FleetTarget,
    probe: Observation,
    base: TargetRecord | Evidence | undefined = this.evidence(id),
  ): Evidence {
    const known = base === undefined ? undefined : rebasedStamps(base, probe.at);
    const stamps = clampStamps(this.#storeClock.latest(), withEvidence(known, probe.level, probe.at));
    return { facts: transition(base?.facts, probe), ...stamps };
  }

  /** Own evidence that the store has not taken, to be committed later. */
  own(): OwnEvidence[] {
    return [...this.#own.values()];
  }

  /** The store has judged this probe. A newer unbilled check stays own evidence until newer evidence comes. */
  dropOwn(target: TargetId, probe: Observation): void {
    const own = this.#own.get(target);
    if (own === undefined) return;
    const { offer: _, ...rest } = own;
    if (own.facts.last.at <= probe.at) this.#own.delete(target);
    else this.#own.set(target, rest);
  }

  belief(target: FleetTarget): Belief {
    const evidence = this.evidence(target.id);
    const verdict = this.verdict(target, evidence);
    const stale = evidence !== undefined && this.#isStale(target, evidence);
    const localFailure = this.#ablePods.isOnlyAble(target.id) ? undefined : this.#selfCheck.of(target.id);
    const over = this.#overBudget(evidence);
    const flags: readonly VerdictFlag[] = over === undefined ? verdict.flags : [...verdict.flags, 'budget-spent'];
    if (localFailure === undefined || verdict.state === 'down') {
      return { ...verdict, flags, why: verdict.why + budgetNote(evidence, over), stale, localOnly: false };
    }
    const why = `only this pod fails, other pods reach it: ${localFailure.failure.class}: ${localFailure.failure.message}`;
    return { ...verdict, flags, state: 'suspect', since: localFailure.since, why, stale, localOnly: true };
  }

  /** The budget because of which the newest probe was unbilled; undefined once it is no longer spent. */
  #overBudget(evidence: Evidence | undefined): OverBudget | undefined {
    const over = evidence?.facts.last.overBudget;
    return over !== undefined && over.until > this.#storeClock.now() ? over : undefined;
  }

  /**
   * True if the evidence is too old, or its time is after a clock that was set back since, so that its age is unknown.
   */
  #isStale(target: FleetTarget, evidence: Evidence): boolean {
    const evidenceAt = this.evidenceAt(target, evidence);
    if (this.#isAhead(evidenceAt)) return true;
    const { everyMs } = this.next(target, evidence);
    return this.ageMs(evidenceAt) > staleAfterMs(this.#options.cacheTtlMs, everyMs, target.timeoutMs);
  }

  #isAhead(at: StoreTime): boolean {
    return isAhead(at, this.#storeClock.latest());
  }

  /** The fleet's verdict under this pod's policy, without the result of the self-check. */
  verdict(target: FleetTarget, evidence: Evidence | undefined = this.evidence(target.id)): Verdict {
    if (this.#replica.isNewerFormat(target.id)) {
      const why = 'its record was written by a newer version of allswell';
      return { state: 'unknown', since: null, why, flags: [] };
    }
    return verdictOf(evidence?.facts, this.#options.policy, this.context(target));
  }

  next(target: FleetTarget, evidence: Evidence | undefined = this.evidence(target.id)): NextProbe {
    return nextProbe(target, evidence, this.#options.policy, this.context(target));
  }

  context(target: FleetTarget): VerdictContext {
    const { pod, policy, trials } = this.#options;
    const now = this.#storeClock.now();
    const lease = this.#replica.lease(target.id, now);
    const probing = lease !== undefined && lease.grant > 0 && !this.#ablePods.failsAlone(lease.pod, target.id);
    const self = (): AblePod[] => [this.#ablePods.self(target) ?? []].flat();
    return {
      self: pod,
      host: hostAndDomainOf(this.#options).host,
      now,
      level: target.level,
      intervalMs: target.intervalMs,
      able: () => (this.sharing ? this.#ablePods.pods(target) : self()),
      isSetTo: (level) => this.#ablePods.isSetTo(target.id, level),
      others: (but) => (this.sharing ? this.#ablePods.peers(target, but) : []),
      discounted: () => this.#ablePods.failingAlone(target.id),
      // Without the store no other pod can report evidence.
      waitMs: this.sharing ? Math.max(LEAST_WAIT_MS, target.timeoutMs + 2 * policy.edgeIntervalMs) : Infinity,
      waitingSince: Math.max(this.#waitingSince(), this.#aloneSince(target.id, now)),
      ...(trials !== undefined && !target.background && { withoutProbes: true }),
      ...(probing && { probing: { since: lease.since, pod: lease.pod } }),
    };
  }

  /** When this pod learned that one host alone sees a failure. The wait for other witnesses starts here. */
  #aloneSince(target: TargetId, now: StoreTime): StoreTime {
    const { run, failureRun, overload } = this.evidence(target)?.facts ?? {};
    const since = (run?.kind === 'failed' ? failureRun : overload)?.aloneSince;
    if (since === undefined) {
      this.#singleHost.delete(target);
      return 0;
    }
    const known = this.#singleHost.get(target);
    if (known?.since === since) return known.heardAt;
    this.#singleHost.set(target, { since, heardAt: now });
    return now;
  }

  /** Time of the newest evidence at the target's level; 0 for none. */
  evidenceAt({ level }: FleetTarget, { facts, ...stamps }: Evidence): StoreTime {
    return Math.min(healthEvidenceAt(facts, level), newestEvidenceAt(stamps, level));
  }

  /** Age of evidence in ms, rounded up. */
  ageMs(evidenceAt: StoreTime): number {
    return Math.max(0, (this.#storeClock.latest() - evidenceAt) / 1000);
  }
}

/** Text that a verdict from unbilled checks appends. */
function budgetNote(evidence: Evidence | undefined, over: OverBudget | undefined): string {
  if (over === undefined) return '';
  const whose = over.owner === 'fleet' ? "the fleet's" : "the target's";
  return `; probed at level ${evidence?.facts.last.level} only: ${whose} probe budget is spent until ${new Date(over.until / 1000).toISOString()}`;
}
