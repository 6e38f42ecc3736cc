import { reaches } from '../../health/index.ts';
import type { Observation, StoreTime, TargetId } from '../../health/index.ts';
import type { AblePods } from '../membership/index.ts';
import type { SelfCheck, Beliefs } from '../evidence/index.ts';
import type { Leases } from './leases.ts';
import type { ProbePermission } from '../store/index.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';
import type { ProbeResult } from '../../ports/index.ts';
import type { Committer } from './committer.ts';
import type { BudgetLimits } from '../budget/index.ts';
import type { Job, Runner } from './runner.ts';
import type { Scheduler } from './scheduler.ts';
import type { Replica } from '../replication/index.ts';

/** Parts that results go to. */
export interface ResultParts {
  readonly replica: Replica;
  readonly beliefs: Beliefs;
  readonly ablePods: AblePods;
  readonly selfCheck: SelfCheck;
  readonly leases: Leases;
  readonly runner: Runner;
  readonly committer: Committer;
  readonly scheduler: Scheduler;
  readonly budgets: BudgetLimits;
  readonly permission: () => ProbePermission;
  /** The belief about the target may have changed. */
  readonly changed: (target: TargetId) => void;
}

/** Takes the results of this pod's probes: commits them for the fleet, or keeps them as this pod's own. */
export class Results {
  readonly #options: FleetOptions;
  readonly #parts: ResultParts;
  /** Start of the failures after which this pod made its one paid probe for the recovery. */
  readonly #retried = new Map<TargetId, StoreTime>();

  constructor(options: FleetOptions, parts: ResultParts) {
    this.#options = options;
    this.#parts = parts;
  }

  /** Takes evidence about the target. */
  answered(job: Job, probe: Observation, sent: ProbeResult['sent']): void {
    const { target } = job;
    const { selfCheck, leases, beliefs, committer, permission } = this.#parts;
    this.#parts.ablePods.probeConclusive();
    selfCheck.ownEvidence(target.id, probe, sent);
    if (!probe.ok && this.#parts.ablePods.isExcluded(target.id)) return this.#suppressFailure(job, sent);
    const isUnbilledCheck = !reaches(probe.level, target.level) && probe.overBudget === undefined;
    if (isUnbilledCheck) this.#unbilledCheckDone(target, probe);
    else if (!leases.isHeld(target.id) && permission() !== 'shared') {
      beliefs.keepOwn(target, probe);
      this.#parts.changed(target.id);
    } else {
      const before = beliefs.evidence(target.id)?.facts;
      const { facts } = beliefs.after(target, probe);
      const urgent = job.reason !== 'scheduled' || !probe.ok || before?.run.kind !== facts.run.kind;
      committer.submit(job, probe, urgent ? 'urgent' : 'refresh');
    }
  }

  /** Other pods reach the target and this pod still does not: reports no failure and releases the lease. */
  #suppressFailure({ target }: Job, sent: ProbeResult['sent']): void {
    const { leases, replica, changed } = this.#parts;
    void leases.release([target.id], sent === 'nothing' ? 'never-sent' : undefined);
    replica.endLease(target.id, Number.MAX_SAFE_INTEGER);
    changed(target.id);
  }

  /** Takes a probe that gave no evidence because of this pod: releases the lease. */
  inconclusive({ target }: Job, why: string, sent: ProbeResult['sent']): void {
    const { leases, replica, scheduler } = this.#parts;
    this.#options.logger.debug(`Could not probe ${target.name}: ${why}`, { target: target.id });
    void leases.release([target.id], sent === 'nothing' ? 'never-sent' : undefined);
    replica.endLease(target.id, Number.MAX_SAFE_INTEGER);
    scheduler.probeInconclusive(target);
    this.#parts.changed(target.id);
  }

  /** An unbilled check that fails may lower the belief, and one that passes may undo that. It refreshes nothing. */
  #unbilledCheckDone(target: FleetTarget, probe: Observation): void {
    const { beliefs, changed } = this.#parts;
    if (!probe.ok || beliefs.endsFailures(target.id, probe)) beliefs.keepOwn(target, probe);
    changed(target.id);
    if (probe.ok) this.#confirmRecovery(target);
  }

  /**
   * Makes one paid probe per failure series, when connecting works again after this pod's paid probe could not connect.
   */
  #confirmRecovery(target: FleetTarget): void {
    const { beliefs, runner, budgets } = this.#parts;
    const { run, failureRun, last } = beliefs.evidence(target.id)?.facts ?? {};
    if (run?.kind !== 'failed' || failureRun?.class !== 'network' || last?.pod !== this.#options.pod) return;
    if (this.#retried.get(target.id) === failureRun.since || budgets.overFallbackShare(target) !== undefined) return;
    if (!runner.takeSlot(target)) return;
    budgets.takeFallbackShare(target);
    this.#retried.set(target.id, failureRun.since);
    void runner.run({ target, reason: 'fallback', level: target.level });
  }
}
