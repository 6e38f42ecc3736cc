import { hostOf, isExternalHost, reaches } from '../../health/index.ts';
import type { Facts, Failure, FailureClass, Observation, StoreTime, TargetId } from '../../health/index.ts';
import type { ObservationSink, TrafficReport, TrafficSavings, UnconfirmedFailure } from '../../ports/index.ts';
import type { Beliefs, SelfCheck } from '../evidence/index.ts';
import type { Membership } from '../membership/index.ts';
import type { ProbePermission } from '../store/index.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';
import { targetIndexOf } from '../target-index.ts';
import type { Replica } from '../replication/index.ts';
import type { Committer } from './committer.ts';
import type { Scheduler } from './scheduler.ts';
import { createUnconfirmedFailures } from './unconfirmed-failures.ts';

/**
 * After a passed confirmation, reports of failures are ignored for this time, doubled each time. A pause is forgotten after
 * the longest one without a report, and once a probe has confirmed a failure.
 */
const FIRST_PAUSE_MS = 5_000;
const MAX_PAUSE_MS = 600_000;
/** Successes of requests replace probes for this many intervals after the newest probe. */
const MOST_INTERVALS = 4;

/** Parts that traffic evidence uses. */
export interface TrafficParts {
  readonly replica: Replica;
  readonly beliefs: Beliefs;
  readonly selfCheck: SelfCheck;
  readonly committer: Committer;
  readonly scheduler: Pick<Scheduler, 'requestConfirmation'>;
  readonly membership: Pick<Membership, 'isScheduledElsewhere'>;
  readonly permission: () => ProbePermission;
  readonly now: () => StoreTime;
  /** The belief about the target may have changed. */
  readonly changed: (target: TargetId) => void;
}

/** Failures of requests of one target, not confirmed by a probe so far. */
interface Suspicion {
  /** Time of the newest report, and of the newest that was committed. */
  readonly heardAt: StoreTime;
  readonly committedAt: StoreTime;
  readonly pauseMs: number;
}

/** Probes requested because requests succeed although probes fail. `since`: start of the run of failures. */
interface Recovery {
  readonly since: StoreTime;
  readonly askedAt: StoreTime;
  readonly pauseMs: number;
}

/**
 * Commits evidence from real requests as observations without a lease. A failure makes a confirmation due at once, and only
 * that probe can take the target down.  A success replaces the paid probe that would be due next, but not
 * all of them; where probes fail it makes one due, and only that probe can bring the target back.
 *
 * Where requests are the only evidence, further failures confirm the first one, and without the store this pod keeps what its
 * requests show as its own.
 */
export class TrafficEvidence implements ObservationSink {
  readonly #options: FleetOptions;
  readonly #parts: TrafficParts;
  readonly #suspicions = new Map<TargetId, Suspicion>();
  readonly #recoveries = new Map<TargetId, Recovery>();
  /** Cost of the last probe of a target, as far as this pod saw it before requests replaced it. */
  readonly #costUsd = new Map<TargetId, number>();
  readonly #unconfirmed = createUnconfirmedFailures();
  #savings: TrafficSavings = { probes: 0, usd: 0, unpriced: 0 };

  constructor(options: FleetOptions, parts: TrafficParts) {
    this.#options = options;
    this.#parts = parts;
  }

  /** Probes that successes of requests replaced, estimated by the time that they covered. */
  get savings(): TrafficSavings {
    return this.#savings;
  }

  unconfirmedFailures(): readonly UnconfirmedFailure[] {
    return this.#unconfirmed.within(this.#parts.now());
  }

  report(report: TrafficReport): void {
    const { selfCheck, permission } = this.#parts;
    const target = targetIndexOf(this.#options).get(report.target);
    if (target === undefined || selfCheck.impaired || !proves(report)) return;
    // Probes go on without the store, and decide there.
    if (permission() !== 'shared' && this.#isProbed(target)) return;
    if (report.ok) this.#succeeded(target, report);
    else this.#failed(target, report);
  }

  forget(targets: Iterable<TargetId>): void {
    for (const id of targets) {
      this.#suspicions.delete(id);
      this.#recoveries.delete(id);
      this.#unconfirmed.forget(id);
      this.#costUsd.delete(id);
    }
  }

  #succeeded(target: FleetTarget, report: TrafficReport): void {
    const { beliefs } = this.#parts;
    const evidence = beliefs.evidence(target.id);
    const probe = this.#observation(report);
    const pending = evidence?.facts.run.kind !== 'ok' || evidence.facts.overload !== undefined;
    const ageMs = evidence === undefined ? Infinity : (probe.at - evidence.evidenceAt) / 1_000;
    // The next probe is due half an interval after the evidence at the earliest.
    if (!pending && ageMs < target.intervalMs / 4) return;
    if (ageMs <= 0) return;
    if (this.#isProbed(target) && evidence !== undefined) {
      if (isFailedByProbes(target, evidence.facts)) return this.#requestConfirmation(target, evidence.facts.run.since);
      if (this.#isProbeWanted(target)) return;
    }
    this.#noteCost(target, evidence?.facts.last);
    if (!pending) this.#save(target, Math.min(1, ageMs / target.intervalMs));
    this.#take(target, probe, pending ? 'urgent' : 'refresh');
  }

  /** True if evidence of probes comes to this pod; otherwise requests are the only evidence. */
  #isProbed({ id, background }: FleetTarget): boolean {
    if (background) return true;
    const { permission, membership } = this.#parts;
    // Without the store the results of other pods do not come here, and a pod whose requests stand in for probes makes none itself.
    if (permission() !== 'shared') return this.#options.trials === undefined;
    return membership.isScheduledElsewhere(id);
  }

  #take(target: FleetTarget, probe: Observation, urgency: 'urgent' | 'refresh'): void {
    const { committer, beliefs, permission, changed } = this.#parts;
    if (permission() === 'shared') return committer.submit({ target }, probe, urgency);
    beliefs.keepOwn(target, probe);
    changed(target.id);
  }

  #requestConfirmation(target: FleetTarget, since: StoreTime): void {
    const { now, scheduler } = this.#parts;
    const known = this.#recoveries.get(target.id);
    const last = known?.since === since ? known : undefined;
    const askedAt = now();
    if (last !== undefined && askedAt - last.askedAt < last.pauseMs * 1_000) return;
    const pauseMs = last === undefined ? FIRST_PAUSE_MS : Math.min(MAX_PAUSE_MS, 2 * last.pauseMs);
    this.#recoveries.set(target.id, { since, askedAt, pauseMs });
    scheduler.requestConfirmation(target);
  }

  /** True if the newest probe of any pod, by its grant, is so old that requests must not replace the next one. */
  #isProbeWanted({ id, intervalMs }: FleetTarget): boolean {
    const { now, replica } = this.#parts;
    const grant = replica.record(id)?.grant ?? 0;
    return Math.abs(now() - grant) > MOST_INTERVALS * intervalMs * 1_000;
  }

  #noteCost({ id }: FleetTarget, last: Observation | undefined): void {
    if (last?.source !== 'traffic' && last?.costUsd !== undefined) this.#costUsd.set(id, last.costUsd);
  }

  /** At the cost of the last probe; where this pod saw none with a cost, at the highest one that a probe can have. */
  #save({ id, paid }: FleetTarget, probes: number): void {
    const { savings } = this;
    const worstUsd = (paid?.worstNanoUsd ?? 0) / 1e9;
    const costUsd = paid === undefined ? 0 : (this.#costUsd.get(id) ?? worstUsd);
    const isUnpriced = paid !== undefined && costUsd === 0;
    this.#savings = {
      probes: savings.probes + probes,
      usd: savings.usd + probes * costUsd,
      unpriced: savings.unpriced + (isUnpriced ? probes : 0),
    };
  }

  #failed(target: FleetTarget, report: TrafficReport): void {
    const { beliefs, now } = this.#parts;
    const { state } = beliefs.verdict(target);
    if (state === 'down') this.#unconfirmed.forget(target.id);
    else this.#unconfirmed.again(report, now());
    // The fleet knows already, or a probe is to confirm it. Where there are no probes, further requests do.
    const awaitsProbe = state === 'suspect' && (this.#options.trials === undefined || this.#isProbed(target));
    if (state === 'down' || awaitsProbe) return;
    const heardAt = now();
    const facts = beliefs.evidence(target.id)?.facts;
    const known = this.#suspicion(target.id, facts);
    if (known !== undefined) this.#suspicions.set(target.id, { ...known, heardAt });
    const pauseMs = known?.pauseMs ?? FIRST_PAUSE_MS;
    const pausedSince = Math.max(known?.committedAt ?? 0, passedConfirmationAt(facts));
    if (state !== 'suspect' && heardAt - pausedSince < pauseMs * 1_000) return;
    const nextMs = known === undefined ? FIRST_PAUSE_MS : Math.min(MAX_PAUSE_MS, 2 * known.pauseMs);
    this.#suspicions.set(target.id, { heardAt, committedAt: heardAt, pauseMs: nextMs });
    const hasPassed = known !== undefined && (facts?.lastSuccess.inference ?? 0) >= known.committedAt;
    if (hasPassed) this.#warnOfUnconfirmed(target, this.#unconfirmed.found(report, heardAt));
    this.#take(target, this.#observation(report), 'urgent');
  }

  /** No verdict follows, so this line says that requests of one pod or program fail. The growing pause keeps it rare. */
  #warnOfUnconfirmed({ name }: FleetTarget, { reporter, class: failed }: UnconfirmedFailure): void {
    const { logger } = this.#options;
    if (reporter.kind === 'pod') {
      logger.warn(
        `Requests of this pod to ${name} keep failing (${failed}), and probes of it pass, so no verdict follows. To fix: compare the network, the DNS and the key of this pod with those of another one`,
      );
      return;
    }
    const who = reporter.kind === 'litellm' ? 'LiteLLM' : `The reporter ${reporter.name ?? ''}`;
    logger.warn(
      `${who} keeps reporting failures of ${name} (${failed}), and probes of it pass, so no verdict follows. To fix: check that program, its network and its key`,
    );
  }

  #suspicion(id: TargetId, facts: Facts | undefined): Suspicion | undefined {
    const known = this.#suspicions.get(id);
    if (known === undefined || this.#parts.now() - known.heardAt > MAX_PAUSE_MS * 1_000) return undefined;
    const seenBy = facts?.failureRun?.witnesses ?? [];
    const isConfirmed = seenBy.some((one) => !isExternalHost(hostOf(one)) && one.at >= known.committedAt);
    return isConfirmed ? undefined : known;
  }

  #observation({ at, ok, failure, latencyMs, witness }: TrafficReport): Observation {
    const now = this.#parts.now();
    const start = Math.min(at, now);
    return {
      source: 'traffic',
      at: start,
      answeredAt: Math.min(now, start + Math.max(0, Math.round(latencyMs * 1_000))),
      pod: this.#options.pod,
      host: witness,
      reason: 'scheduled',
      level: 'inference',
      ok,
      latencyMs,
      ...(!ok && { failure: fromTraffic(failure) }),
    };
  }
}

/** True if probes saw the present failures, and can end them. */
function isFailedByProbes({ level }: FleetTarget, { run, failureRun }: Facts): boolean {
  if (run.kind !== 'failed' || failureRun === undefined || !reaches(level, failureRun.level)) return false;
  return failureRun.witnesses.some((one) => !isExternalHost(hostOf(one)));
}

/** Start of a passed confirmation, of any pod, that is the newest evidence; 0 if none is. */
function passedConfirmationAt({ last }: Partial<Facts> = {}): StoreTime {
  return last?.ok === true && last.reason === 'confirmation' && last.level === 'inference' ? last.at : 0;
}

/** Failures among many successes prove nothing. An overload without a later success degrades, as one of a probe does. */
function proves({ verdict, failure }: TrafficReport): boolean {
  return verdict !== 'degraded' || failure?.class === 'overloaded';
}

/** Classes that one probe proves: from requests they only make a probe due, since one caller's key or model may be at fault. */
const NEEDS_A_PROBE: ReadonlySet<FailureClass> = new Set(['auth', 'quota', 'not-found', 'network', 'bad-probe']);

function fromTraffic(failure: Failure = { class: 'server', message: 'requests failed' }): Failure {
  if (!NEEDS_A_PROBE.has(failure.class)) return failure;
  return { ...failure, class: 'server', message: `${failure.message} (${failure.class})` };
}
