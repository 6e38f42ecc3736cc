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
  Judge,
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
import type { EligiblePods } from '../membership/index.ts';
import type { SelfCheck } from './self-check.ts';
import { hostAndDomainOf } from '../options.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';
import { isAhead } from '../store/index.ts';
import type { StoreClock } from '../store/index.ts';
import type { Replica } from '../replication/index.ts';

/** Facts with the stamps of the newest looks. */
export interface Evidence extends EvidenceStamps {
  readonly facts: Facts;
}

/** Least time for which able pods are waited for before a lone witness is believed. */
const LEAST_WAIT_MS = 15_000;

/** Evidence gathered without the store. */
interface OwnEvidence extends Evidence {
  readonly target: FleetTarget;
  /** The newest probe as deep as the target asks for: what the fleet should hear of. Free looks stay here. */
  readonly offer?: Observation;
}

/** What this pod believes of a target, and whether it stands alone with it. */
export interface Belief extends Verdict {
  readonly stale: boolean;
  readonly localOnly: boolean;
}

/** What knowledge is made of. */
export interface BeliefParts {
  readonly replica: Replica;
  readonly storeClock: StoreClock;
  readonly eligible: EligiblePods;
  readonly selfCheck: SelfCheck;
  readonly waitingSince: () => StoreTime;
}

/**
 * What this pod knows of its targets: the fleet's records, its own evidence that the store has not taken yet, and its
 * doubts about itself. Everything that judges or schedules asks here.
 */
export class Beliefs {
  readonly #options: FleetOptions;
  readonly #replica: Replica;
  readonly #storeClock: StoreClock;
  readonly #eligible: EligiblePods;
  readonly #selfCheck: SelfCheck;
  /** Own evidence newer than the fleet's record, kept until the store has taken it. */
  readonly #own = new Map<TargetId, OwnEvidence>();
  readonly #singleHost = new Map<TargetId, { readonly since: StoreTime; readonly heardAt: StoreTime }>();
  /** Whether pods can hear of each other's evidence; without it nobody can be a second witness. */
  sharing = true;
  /** Since when this pod has shared, and nobody has paused probing: only then can other pods have looked. */
  readonly #waitingSince: () => StoreTime;

  constructor(options: FleetOptions, parts: BeliefParts) {
    this.#options = options;
    this.#replica = parts.replica;
    this.#storeClock = parts.storeClock;
    this.#eligible = parts.eligible;
    this.#selfCheck = parts.selfCheck;
    this.#waitingSince = parts.waitingSince;
  }

  /** The newest of the fleet's record and this pod's own evidence. */
  evidence(target: TargetId): Evidence | undefined {
    const record = this.#replica.record(target);
    const own = this.#own.get(target);
    return own !== undefined && this.#isNewer(own.facts.last.at, record?.facts.last.at ?? 0) ? own : record;
  }

  /** Remembers evidence that the store could not take. */
  keepOwn(target: FleetTarget, probe: Observation): void {
    if (this.isOutdated(target.id, probe)) return;
    const offer = reaches(probe.level, target.level) ? probe : this.#own.get(target.id)?.offer;
    this.#own.set(target.id, { target, ...this.after(target, probe), ...(offer === undefined ? {} : { offer }) });
  }

  /** Whether newer evidence than this is known: an older probe never changes anything. */
  isOutdated(target: TargetId, probe: Observation, base: Evidence | undefined = this.evidence(target)): boolean {
    return base !== undefined && this.#isNewer(base.facts.last.at, probe.at);
  }

  /** What has the present clock's date is newer than what was dated before that clock was set back. */
  #isNewer(one: StoreTime, other: StoreTime): boolean {
    if (one === other || this.#isAhead(one) === this.#isAhead(other)) return one > other;
    return this.#isAhead(other);
  }

  /** Moves own evidence, dated by this pod's estimate of the store's clock, with that estimate. */
  shiftTimes(byUs: number): void {
    for (const [id, lone] of this.#singleHost) this.#singleHost.set(id, { ...lone, heardAt: lone.heardAt + byUs });
    const moved = (probe: Observation): Observation => ({
      ...probe,
      at: probe.at + byUs,
      answeredAt: probe.answeredAt + byUs,
    });
    for (const [id, { target, facts, offer }] of Array.from(this.#own)) {
      this.#own.delete(id);
      // The fleet's records do not move: what was older than its record stays so.
      const recordAt = this.#replica.record(id)?.facts.last.at ?? 0;
      const probes = [offer, offer?.at === facts.last.at ? undefined : facts.last];
      for (const probe of probes) if (probe !== undefined && probe.at > recordAt) this.keepOwn(target, moved(probe));
    }
  }

  /** Whether this success ends the trouble that is believed: it looked as deep as the failure did. */
  endsFailures(target: TargetId, probe: Observation): boolean {
    const { run, failureRun } = this.evidence(target)?.facts ?? {};
    return probe.ok && run?.kind === 'failed' && failureRun !== undefined && reaches(probe.level, failureRun.level);
  }

  /** Facts once `probe` is added to what is known; an older record can be given as the base. */
  after(
    { id }: FleetTarget,
    probe: Observation,
    base: TargetRecord | Evidence | undefined = this.evidence(id),
  ): Evidence {
    const known = base === undefined ? undefined : rebasedStamps(base, probe.at);
    const stamps = clampStamps(this.#storeClock.latest(), withEvidence(known, probe.level, probe.at));
    return { facts: transition(base?.facts, probe), ...stamps };
  }

  /** Own evidence not yet taken by the store, to be offered. */
  own(): OwnEvidence[] {
    return [...this.#own.values()];
  }

  /** The store has judged this probe; a free look made after it stays this pod's own until newer evidence comes. */
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
    const localFailure = this.#eligible.isOnlyEligible(target.id) ? undefined : this.#selfCheck.of(target.id);
    const over = this.#overBudget(evidence);
    const flags: readonly VerdictFlag[] = over === undefined ? verdict.flags : [...verdict.flags, 'budget-spent'];
    if (localFailure === undefined || verdict.state === 'down') {
      return { ...verdict, flags, why: verdict.why + budgetNote(evidence, over), stale, localOnly: false };
    }
    const why = `only this pod fails, other pods reach it: ${localFailure.failure.class}: ${localFailure.failure.message}`;
    return { ...verdict, flags, state: 'suspect', since: localFailure.since, why, stale, localOnly: true };
  }

  /** The budget for want of which the newest look was a free one, while it is spent. */
  #overBudget(evidence: Evidence | undefined): OverBudget | undefined {
    const over = evidence?.facts.last.overBudget;
    return over !== undefined && over.until > this.#storeClock.now() ? over : undefined;
  }

  /** Old, or dated after a clock that was set back since: then nobody knows how old. */
  #isStale(target: FleetTarget, evidence: Evidence): boolean {
    const evidenceAt = this.evidenceAt(target, evidence);
    if (this.#isAhead(evidenceAt)) return true;
    const { everyMs } = this.next(target, evidence);
    return this.ageMs(evidenceAt) > staleAfterMs(this.#options.cacheTtlMs, everyMs, target.timeoutMs);
  }

  #isAhead(at: StoreTime): boolean {
    return isAhead(at, this.#storeClock.latest());
  }

  /** The fleet's verdict by this pod's policy, own doubts left aside. */
  verdict(target: FleetTarget, evidence: Evidence | undefined = this.evidence(target.id)): Verdict {
    if (this.#replica.isNewerFormat(target.id)) {
      const why = 'its record was written by a newer version of allswell';
      return { state: 'unknown', since: null, why, flags: [] };
    }
    return verdictOf(evidence?.facts, this.#options.policy, this.judge(target));
  }

  next(target: FleetTarget, evidence: Evidence | undefined = this.evidence(target.id)): NextProbe {
    return nextProbe(target, evidence, this.#options.policy, this.judge(target));
  }

  judge(target: FleetTarget): Judge {
    const { pod, policy } = this.#options;
    const now = this.#storeClock.now();
    const lease = this.#replica.lease(target.id, now);
    const probing = lease !== undefined && lease.grant > 0 && !this.#eligible.isDoubting(lease.pod, target.id);
    const self = (): AblePod[] => [this.#eligible.self(target) ?? []].flat();
    return {
      self: pod,
      host: hostAndDomainOf(this.#options).host,
      now,
      level: target.level,
      intervalMs: target.intervalMs,
      able: () => (this.sharing ? this.#eligible.pods(target) : self()),
      isSetTo: (level) => this.#eligible.isSetTo(target.id, level),
      others: (but) => (this.sharing ? this.#eligible.peers(target, but) : []),
      discounted: () => this.#eligible.failingAlone(target.id),
      // Without the store nobody can say what other pods would have seen.
      waitMs: this.sharing ? Math.max(LEAST_WAIT_MS, target.timeoutMs + 2 * policy.edgeIntervalMs) : Infinity,
      waitingSince: Math.max(this.#waitingSince(), this.#aloneSince(target.id, now)),
      ...(probing && { probing: { since: lease.since, pod: lease.pod } }),
    };
  }

  /** When this pod first knew that one host alone sees what it sees: only from then on does it wait for others. */
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

  /** Start of the newest evidence as deep as the target asks for; 0 for none. */
  evidenceAt({ level }: FleetTarget, { facts, ...stamps }: Evidence): StoreTime {
    return Math.min(healthEvidenceAt(facts, level), newestEvidenceAt(stamps, level));
  }

  /** Age of evidence, never too small, ms. */
  ageMs(evidenceAt: StoreTime): number {
    return Math.max(0, (this.#storeClock.latest() - evidenceAt) / 1000);
  }
}

/** What a verdict that rests on free looks has to add. */
function budgetNote(evidence: Evidence | undefined, over: OverBudget | undefined): string {
  if (over === undefined) return '';
  const whose = over.owner === 'fleet' ? "the fleet's" : "the target's";
  return `; probed at level ${evidence?.facts.last.level} only: ${whose} probe budget is spent until ${new Date(over.until / 1000).toISOString()}`;
}
