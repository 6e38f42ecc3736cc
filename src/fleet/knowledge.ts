import { nextProbe, reaches, staleAfterMs, transition, verdictOf } from '../health/index.ts';
import type {
  Facts,
  Judge,
  LastProbe,
  NextProbe,
  StoreTime,
  TargetId,
  TargetRecord,
  Verdict,
} from '../health/index.ts';
import type { Doubts } from './doubts.ts';
import type { Membership } from './membership.ts';
import type { FleetOptions, FleetTarget } from './options.ts';
import type { StoreClock } from './store-clock.ts';
import type { FleetView } from './view.ts';

/** Facts with the start of the newest evidence at the target's own level. */
export interface Evidence {
  readonly facts: Facts;
  readonly evidenceAt: StoreTime;
}

/** Evidence further ahead of the store's clock than this was dated by another clock. */
const AHEAD_US = 1_000_000;

/** Evidence gathered without the store. */
interface OwnEvidence extends Evidence {
  readonly target: FleetTarget;
  /** The newest probe as deep as the target asks for: what the fleet should hear of. Free looks stay here. */
  readonly offer?: LastProbe;
}

/** What this pod believes of a target, and whether it stands alone with it. */
export interface Belief extends Verdict {
  readonly stale: boolean;
  readonly localOnly: boolean;
}

/**
 * What this pod knows of its targets: the fleet's records, its own evidence that the store has not taken yet, and its
 * doubts about itself. Everything that judges or schedules asks here.
 */
export class Knowledge {
  readonly #options: FleetOptions;
  readonly #view: FleetView;
  readonly #storeClock: StoreClock;
  readonly #membership: Membership;
  readonly #doubts: Doubts;
  /** Own evidence newer than the fleet's record, kept until the store has taken it. */
  readonly #own = new Map<TargetId, OwnEvidence>();
  /** Whether pods can hear of each other's evidence; without it nobody can be a second witness. */
  sharing = true;

  constructor(
    options: FleetOptions,
    parts: { view: FleetView; storeClock: StoreClock; membership: Membership; doubts: Doubts },
  ) {
    this.#options = options;
    this.#view = parts.view;
    this.#storeClock = parts.storeClock;
    this.#membership = parts.membership;
    this.#doubts = parts.doubts;
  }

  /** The newest of the fleet's record and this pod's own evidence. */
  evidence(target: TargetId): Evidence | undefined {
    const record = this.#view.record(target);
    const own = this.#own.get(target);
    return own !== undefined && own.facts.lastProbe.at > (record?.facts.lastProbe.at ?? 0) ? own : record;
  }

  /** Remembers evidence that the store could not take. */
  keepOwn(target: FleetTarget, probe: LastProbe): void {
    if (this.isOld(target.id, probe)) return;
    const offer = reaches(probe.level, target.level) ? probe : this.#own.get(target.id)?.offer;
    this.#own.set(target.id, { target, ...this.after(target, probe), ...(offer === undefined ? {} : { offer }) });
  }

  /** Whether newer evidence than this is known: an older probe never changes anything. */
  isOld(target: TargetId, probe: LastProbe, base: Evidence | undefined = this.evidence(target)): boolean {
    if (base === undefined || base.facts.lastProbe.at <= probe.at) return false;
    // Dated by a clock that is no more, as its grant was: what has the present one's date is newer.
    return !this.#isAhead(base.facts.lastProbe.at) || this.#isAhead(probe.at);
  }

  /** Moves own evidence, dated by this pod's estimate of the store's clock, with that estimate. */
  redate(byUs: number): void {
    const moved = (probe: LastProbe): LastProbe => ({
      ...probe,
      at: probe.at + byUs,
      answeredAt: probe.answeredAt + byUs,
    });
    for (const [id, { target, facts, offer }] of Array.from(this.#own)) {
      this.#own.delete(id);
      // The fleet's records do not move: what was older than its record stays so.
      const recordAt = this.#view.record(id)?.facts.lastProbe.at ?? 0;
      const probes = [offer, offer?.at === facts.lastProbe.at ? undefined : facts.lastProbe];
      for (const probe of probes) if (probe !== undefined && probe.at > recordAt) this.keepOwn(target, moved(probe));
    }
  }

  /** Whether this success ends the trouble that is believed: it looked as deep as the failure did. */
  endsTrouble(target: TargetId, probe: LastProbe): boolean {
    const { run, trouble } = this.evidence(target)?.facts ?? {};
    return probe.ok && run?.kind === 'failed' && trouble !== undefined && reaches(probe.level, trouble.level);
  }

  /** Facts once `probe` is added to what is known; an older record can be given as the base. */
  after(
    target: FleetTarget,
    probe: LastProbe,
    base: TargetRecord | Evidence | undefined = this.evidence(target.id),
  ): Evidence {
    const seenAt = reaches(probe.level, target.level) ? probe.at : 0;
    // A grant can be ahead of a clock that was set back; evidence never is.
    const evidenceAt = Math.min(Math.max(seenAt, base?.evidenceAt ?? 0), this.#storeClock.latest());
    return { facts: transition(base?.facts, probe), evidenceAt };
  }

  /** Own evidence not yet taken by the store, to be offered. */
  own(): OwnEvidence[] {
    return [...this.#own.values()];
  }

  /** The store has judged this probe; a free look made after it stays this pod's own until newer evidence comes. */
  dropOwn(target: TargetId, probe: LastProbe): void {
    const own = this.#own.get(target);
    if (own === undefined) return;
    const { offer: _, ...rest } = own;
    if (own.facts.lastProbe.at <= probe.at) this.#own.delete(target);
    else this.#own.set(target, rest);
  }

  belief(target: FleetTarget): Belief {
    const evidence = this.evidence(target.id);
    const verdict = this.verdict(target, evidence);
    const stale = evidence !== undefined && this.#isStale(target, evidence);
    const doubt = this.alone(target.id) ? undefined : this.#doubts.of(target.id);
    if (doubt === undefined || verdict.state === 'down') {
      return { ...verdict, why: verdict.why + forWantOfMoney(evidence), stale, localOnly: false };
    }
    const why = `only this pod fails, the others reach it: ${doubt.failure.class}: ${doubt.failure.message}`;
    return { state: 'suspect', since: doubt.since, why, stale, localOnly: true };
  }

  /** Old, or dated after a clock that was set back since: then nobody knows how old. */
  #isStale(target: FleetTarget, evidence: Evidence): boolean {
    if (this.#isAhead(evidence.evidenceAt)) return true;
    const { everyMs } = this.next(target, evidence);
    return this.ageMs(evidence.evidenceAt) > staleAfterMs(this.#options.cacheTtlMs, everyMs, target.timeoutMs);
  }

  #isAhead(at: StoreTime): boolean {
    return at > this.#storeClock.latest() + AHEAD_US;
  }

  /** The fleet's verdict by this pod's policy, own doubts left aside. */
  verdict(target: FleetTarget, evidence: Evidence | undefined = this.evidence(target.id)): Verdict {
    if (this.#view.isNewerFormat(target.id)) {
      return { state: 'unknown', since: null, why: 'its record was written by a newer version of allswell' };
    }
    return verdictOf(evidence?.facts, this.#options.policy, this.judge(target.id));
  }

  next(target: FleetTarget, evidence: Evidence | undefined = this.evidence(target.id)): NextProbe {
    return nextProbe(target, evidence, this.#options.policy, this.judge(target.id));
  }

  judge(target: TargetId): Judge {
    const peers = this.sharing && !this.alone(target);
    return { self: this.#options.pod, now: this.#storeClock.now(), peers };
  }

  /** No other live pod can see the target: this one has to believe its own eyes, whatever it thought of them before. */
  alone(target: TargetId): boolean {
    return this.#membership.known && this.#membership.othersKnowing(target).length === 0;
  }

  /** Age of evidence, never too small, ms. */
  ageMs(evidenceAt: StoreTime): number {
    return Math.max(0, (this.#storeClock.latest() - evidenceAt) / 1000);
  }
}

/** What a verdict that rests on free looks has to add. */
function forWantOfMoney(evidence: Evidence | undefined): string {
  const { overBudget, level } = evidence?.facts.lastProbe ?? {};
  if (overBudget === undefined) return '';
  const whose = overBudget.owner === 'fleet' ? "the fleet's" : "the target's";
  return `; looked at by ${level} only, ${whose} probe budget is spent until ${new Date(overBudget.until / 1000).toISOString()}`;
}
