import type { Grant, StoreTime, TargetId } from '../../health/index.ts';
import { PROBING } from '../../ports/index.ts';
import type { ClaimAnswer, ClaimReason, Timer } from '../../ports/index.ts';
import { batchesOf, claimRequests, type ClaimTiming, type WantedClaim } from './claim-requests.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';
import { planFallback } from './plan-fallback.ts';
import { planShared, type Plan } from './planner.ts';
import { targetIndexOf, type TargetChange } from '../target-index.ts';
import type { Job } from './runner.ts';
import { BATCH_MS, ReadyQueue } from './ready-queue.ts';
import type { SchedulerParts } from './scheduler-parts.ts';
import type { SelfCheckProbeReply } from '../evidence/index.ts';
import { TimeSlicedQueue } from '../time-sliced-queue.ts';

/** A target is postponed by this after an inconclusive probe, or an answer that allows no probe. */
const POSTPONE_MS = 1_000;
const MAX_INCONCLUSIVE_MS = 10_000;
/** Longest timer. Plans are made again after it, so that a clock step cannot delay a target for long. */
const MAX_TIMER_MS = 60_000;

/** Decides when to probe which target, claims the leases and starts the probes. */
export class Scheduler {
  readonly #options: FleetOptions;
  readonly #parts: SchedulerParts;
  readonly #timers = new Map<TargetId, Timer>();
  readonly #postponedUntil = new Map<TargetId, StoreTime>();
  /** Time when a target was added by a reload. */
  readonly #knownSince = new Map<TargetId, StoreTime>();
  readonly #inconclusiveUntilMs = new Map<TargetId, number>();
  readonly #ready: ReadyQueue;
  /** Targets that the self-check wants this pod to probe as soon as no lease is held. */
  readonly #selfCheckProbes = new Set<TargetId>();
  readonly #planQueue: TimeSlicedQueue;
  #stopped = false;

  constructor(options: FleetOptions, parts: SchedulerParts) {
    this.#options = options;
    this.#parts = parts;
    this.#planQueue = new TimeSlicedQueue(options.clock, (id) => this.plan(id));
    this.#ready = new ReadyQueue(options.clock, (ids) => this.#claimReady(ids));
  }

  /** Plans a target again, after its record, its lease or anything else about it changed. */
  plan(id: TargetId): void {
    this.#timers.get(id)?.cancel();
    this.#timers.delete(id);
    this.#ready.remove(id);
    const target = this.#scheduled(id);
    if (target === undefined || this.#stopped) return;
    if (this.#selfCheckProbes.has(id)) this.#claimSelfCheckProbe(target);
    const plan = this.#planOf(target);
    if (plan === undefined) return;
    const postponedUntil = this.#postponedUntil.get(id) ?? 0;
    const delayMs = (Math.max(plan.at, postponedUntil) - this.#parts.now()) / 1000;
    if (delayMs <= 0) return this.#ready.add(id, plan.reason === 'confirmation' ? 'urgent' : 'batched');
    const timer = this.#options.clock.setTimer(Math.min(delayMs, MAX_TIMER_MS), () => this.plan(id));
    this.#timers.set(id, timer);
  }

  planAll(): void {
    this.#planQueue.add(this.#options.targets.map(({ id }) => id));
  }

  /**
   * Applies a changed target list. The first probes of new targets are spread as after a start, and claimed by rank.
   */
  reloaded({ added, removed }: TargetChange): void {
    for (const id of added) this.#knownSince.set(id, this.#parts.now());
    for (const id of removed) {
      const waits = [this.#postponedUntil, this.#inconclusiveUntilMs, this.#selfCheckProbes];
      for (const kept of [this.#knownSince, ...waits]) kept.delete(id);
      this.#parts.fallbackHistory.forget(id);
      this.plan(id);
    }
    this.planAll();
  }

  /** The estimate of the store's clock jumped: times of the old estimate are void. */
  clockJumped(): void {
    this.#postponedUntil.clear();
    const now = this.#parts.now();
    for (const [id, since] of this.#knownSince) this.#knownSince.set(id, Math.min(since, now));
    this.#parts.fallbackHistory.clockJumped(this.#parts.now());
    this.planAll();
  }

  slotFreed(): void {
    this.#ready.slotFreed();
  }

  /** A probe was inconclusive: postpones the target, also for checks on demand. */
  probeInconclusive({ id, intervalMs, background }: FleetTarget): void {
    // A trial that no request came for is no fault of this pod.
    if (background || this.#options.trials === undefined) this.#parts.ablePods.probeInconclusive();
    const ms = Math.min(MAX_INCONCLUSIVE_MS, Math.max(POSTPONE_MS, intervalMs / 3));
    this.#inconclusiveUntilMs.set(id, this.#options.clock.monotonicMs() + ms);
    this.postpone(id, ms);
  }

  /** True if a check on demand can give evidence: false where only this pod fails to reach the target. */
  canForce(target: FleetTarget): boolean {
    return !this.#isExcluded(target);
  }

  /** Requests one probe of a target that only this pod fails to reach, within budget and guard. */
  requestSelfCheckProbe(target: FleetTarget): SelfCheckProbeReply {
    const { permission, leases, budgets } = this.#parts;
    if (permission() !== 'shared' || !target.background) return 'unavailable';
    if (leases.isHeld(target.id) || budgets.over(target) !== undefined || !this.#isExcluded(target)) return 'deferred';
    // If probes take as long as the interval, some pod always holds the lease. This pod claims as soon as it ends.
    this.#selfCheckProbes.add(target.id);
    return this.#claimSelfCheckProbe(target);
  }

  #claimSelfCheckProbe(target: FleetTarget): SelfCheckProbeReply {
    const { replica, runner, now } = this.#parts;
    if (replica.lease(target.id, now()) !== undefined) return 'requested';
    this.#selfCheckProbes.delete(target.id);
    if (!this.#isExcluded(target) || !runner.takeSlot(target)) return 'deferred';
    void this.#claim([{ target, reason: 'confirmation', everyMs: target.intervalMs }]);
    return 'requested';
  }

  /** Requests one probe of a target that may have recovered, by this pod and within budget, guard and pause. */
  requestConfirmation({ id }: FleetTarget): void {
    const { budgets, runner } = this.#parts;
    const target = this.#scheduled(id);
    if (target === undefined || this.#planOf(target)?.act !== 'claim') return;
    if (budgets.over(target) !== undefined || !runner.takeSlot(target)) return;
    void this.#claim([{ target, reason: 'confirmation', everyMs: target.intervalMs }]);
  }

  postpone(id: TargetId, ms: number = POSTPONE_MS): void {
    this.#postponedUntil.set(id, this.#parts.now() + ms * 1000);
    this.plan(id);
  }

  /**
   * Claims now for a check on demand, whatever the schedule, even during a pause. The store would grant a lease that
   * this pod holds again, for a second probe, so such targets are skipped.
   */
  async force(targets: readonly FleetTarget[], reason: ClaimReason): Promise<void> {
    const { leases, runner } = this.#parts;
    const nowMs = this.#options.clock.monotonicMs();
    const unheld = targets.filter(
      (target) => !leases.isHeld(target.id) && (this.#inconclusiveUntilMs.get(target.id) ?? 0) <= nowMs,
    );
    const wanted = unheld
      .filter((target) => runner.takeSlot(target))
      .map((target): WantedClaim => {
        return { target, reason, everyMs: target.intervalMs, over: this.#parts.budgets.over(target), despite: 'pause' };
      });
    await Promise.all(batchesOf(wanted).map(async (batch) => await this.#claim(batch)));
  }

  stop(): void {
    this.#stopped = true;
    this.#planQueue.stop();
    this.#ready.stop();
    for (const timer of this.#timers.values()) timer.cancel();
  }

  #scheduled(id: TargetId): FleetTarget | undefined {
    const target = targetIndexOf(this.#options).get(id);
    return target !== undefined && (target.background || this.#isForTrial(target)) ? target : undefined;
  }

  /** True if the next request of a user should probe the target: it is not up, and no pod probes it on schedule. */
  #isForTrial(target: FleetTarget): boolean {
    const { permission, membership, beliefs, holds } = this.#parts;
    if (this.#options.trials?.isReady(target.id) !== true || holds.on(target.holdKey) !== undefined) return false;
    // Without the store the evidence of other pods does not come here.
    if (permission() === 'shared' && membership.isScheduledElsewhere(target.id)) return false;
    const { run, overload } = beliefs.evidence(target.id)?.facts ?? {};
    return run?.kind === 'failed' || overload !== undefined;
  }

  #planOf(target: FleetTarget): Plan | undefined {
    const { permission, runner, leases, syncTimes, holds } = this.#parts;
    const busy = runner.isRunning(target.id) || leases.isHeld(target.id);
    if (busy || holds.pause !== undefined || this.#isExcluded(target) || permission() === 'wait') return undefined;
    const since = Math.max(syncTimes.syncedAt, this.#knownSince.get(target.id) ?? 0);
    if (permission() === 'shared') return planShared(this.#options, this.#parts, target, since);
    return planFallback(this.#options, this.#parts, target, this.#parts.fallbackHistory.of(target.id));
  }

  /**
   * True if this pod must not probe the target: only this pod fails to reach it, or a newer version wrote its record.
   */
  #isExcluded({ id }: FleetTarget): boolean {
    const { ablePods, replica } = this.#parts;
    return ablePods.isExcluded(id) || replica.isNewerFormat(id);
  }

  #claimReady(ids: readonly TargetId[]): void {
    const wanted: WantedClaim[] = [];
    for (const id of ids) {
      const target = this.#scheduled(id);
      // Thousands of targets may wait for a slot, so the slot is checked before the plan.
      if (target !== undefined && !this.#parts.runner.hasSlot(target)) continue;
      const plan = target === undefined ? undefined : this.#planOf(target);
      this.#ready.remove(id);
      if (target === undefined || plan === undefined || plan.at > this.#parts.now()) this.plan(id);
      else if (this.#parts.runner.takeSlot(target)) {
        const over = this.#parts.budgets.over(target);
        if (plan.act === 'claim') wanted.push({ target, reason: plan.reason, everyMs: plan.everyMs, over });
        else this.#probeInFallback(target, plan);
      }
    }
    for (const batch of batchesOf(wanted)) void this.#claim(batch);
  }

  #probeInFallback(target: FleetTarget, plan: Plan): void {
    const { budgets, fallbackHistory, now } = this.#parts;
    const free = plan.act === 'fallback-connect' || budgets.takeFallbackShare(target) !== undefined;
    const level = free ? 'connect' : target.level;
    const kind = free ? 'unbilled-check' : target.paid === undefined ? 'unpriced-probe' : 'paid-probe';
    fallbackHistory.record(target.id, now(), kind);
    this.#options.logger.debug(`Probing ${target.name} without Redis (level ${level})`, { target: target.id });
    void this.#parts.runner.run({ target, reason: 'fallback', level });
  }

  /** Claims leases. Every target in `wanted` already has a slot. */
  async #claim(wanted: readonly WantedClaim[]): Promise<void> {
    const { circuit, leases, runner } = this.#parts;
    const { pod, clock, budget } = this.#options;
    const requests = claimRequests(this.#options, this.#parts, wanted);
    const sentMs = clock.monotonicMs();
    const answer = await circuit.call('claim', (store, notAfter) =>
      store.claim({ pod, ttlMs: leases.ttlMs, notAfter, budget, requests }),
    );
    if (answer.kind !== 'ok') {
      for (const { target } of wanted) runner.releaseSlot(target);
      for (const { target } of wanted) this.postpone(target.id, BATCH_MS * 4);
      this.slotFreed();
      return;
    }
    wanted.forEach((one, i) => {
      const result = answer.value[i];
      if (result !== undefined) this.#handleAnswer(one, result, { sentMs, meta: answer.meta });
    });
    // The slots of targets that were not granted are free again.
    this.slotFreed();
  }

  #handleAnswer({ target, reason, over }: WantedClaim, answer: ClaimAnswer, { sentMs, meta }: ClaimTiming): void {
    const { replica, runner, budgets } = this.#parts;
    const { logger, pod } = this.#options;
    if ('record' in answer && answer.record !== null) replica.apply(target.id, answer.record);
    if (answer.kind === 'granted') {
      replica.setLease({ target: target.id, pod, grant: answer.grant, until: answer.until });
      if (over === undefined) budgets.granted(target, answer.uses, meta);
      if (answer.replaced !== undefined) this.#parts.announcer.replacedLease(target, answer.replaced);
      const free = over !== undefined && target.paid !== undefined && { level: target.paid.instead, overBudget: over };
      this.#start({ target, reason, level: target.level, grant: answer.grant, ...free }, answer.grant, sentMs);
      return;
    }
    runner.releaseSlot(target);
    if (answer.kind === 'held') {
      // This pod's own lease has ended unnoticed: it was dated by another store's clock.
      const known = replica.lease(target.id, this.#parts.now());
      if (known?.pod === pod) replica.endLease(target.id, Number.MAX_SAFE_INTEGER);
      replica.setLease({ target: target.id, pod: answer.by, grant: 0, until: answer.until });
      logger.debug(`Pod ${pod} failed to acquire health check lock`, { target: target.id, by: answer.by });
      this.plan(target.id);
    } else if (answer.kind === 'paused') {
      // This pod missed the pause. Applying the hold cancels its plans.
      replica.holds.apply(PROBING, { kind: 'hold', hold: answer.hold });
      this.postpone(target.id);
    } else if (answer.kind === 'over-budget') {
      budgets.refused(target, answer, meta);
      if (reason === 'forced') void this.force([target], reason);
      else this.plan(target.id);
    } else {
      logger.debug(`Not probed ${target.name}: another pod judged it`, { target: target.id });
      this.postpone(target.id, Math.max(BATCH_MS, (answer.dueAt - this.#parts.now()) / 1000));
    }
  }

  /** Starts a granted probe. A late or unneeded lease is released; a lease counts from sending the claim. */
  #start(job: Job, grant: Grant, sentMs: number): void {
    const { leases, runner } = this.#parts;
    const { clock, logger } = this.#options;
    leases.hold(job.target.id, grant, sentMs);
    const unwanted = this.#stopped || !targetIndexOf(this.#options).has(job.target.id);
    if (unwanted || clock.monotonicMs() - sentMs >= leases.ttlMs) {
      runner.releaseSlot(job.target);
      void leases.release([job.target.id], 'never-sent');
      return;
    }
    logger.debug(`Claimed the lease of ${job.target.name} (${job.reason}, level ${job.level})`, {
      target: job.target.id,
      grant,
    });
    void runner.run(job);
  }
}
