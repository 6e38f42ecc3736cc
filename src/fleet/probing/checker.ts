import { podsToConfirm, reaches, recentHosts } from '../../health/index.ts';
import type { TargetId } from '../../health/index.ts';
import { FORCED_REUSE_MS } from '../../ports/index.ts';
import type { Beliefs } from '../evidence/index.ts';
import type { ProbePermission } from '../store/index.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';
import { targetIndexOf } from '../target-index.ts';
import type { BudgetLimits, SpendMeter } from '../budget/index.ts';
import type { Runner } from './runner.ts';
import type { Scheduler } from './scheduler.ts';

const POLL_MS = 200;
const BATCH_WAIT_MS = 2;

/** Parts that a check on demand uses. */
export interface CheckerParts {
  readonly beliefs: Beliefs;
  readonly scheduler: Scheduler;
  readonly runner: Runner;
  readonly budgets: BudgetLimits;
  readonly spendMeter: SpendMeter;
  readonly permission: () => ProbePermission;
  readonly now: () => number;
}

/**
 * Checks on demand, shared by all callers on all pods: joins running probes, reuses fresh evidence, probes the rest.
 */
export class Checker {
  readonly #options: FleetOptions;
  readonly #parts: CheckerParts;
  readonly #waiting = new Map<TargetId, Set<() => void>>();
  readonly #claims: { forced?: Promise<void> | undefined; confirmation?: Promise<void> | undefined } = {};
  #stopped = false;
  readonly #batches: { forced: FleetTarget[]; confirmation: FleetTarget[] } = { forced: [], confirmation: [] };

  constructor(options: FleetOptions, parts: CheckerParts) {
    this.#options = options;
    this.#parts = parts;
  }

  /** See `FleetChecker.check`. */
  async check(ids: readonly TargetId[], signal: AbortSignal): Promise<void> {
    const targets = ids.flatMap((id) => targetIndexOf(this.#options).get(id) ?? []);
    const { clock, maxProbes, maxProbesPerHost } = this.#options;
    // The slots allow this many rounds, each as long as its slowest probe.
    const rounds = Math.ceil(targets.length / Math.min(maxProbes, maxProbesPerHost));
    const slowestMs = Math.max(0, ...targets.map(({ timeoutMs }) => timeoutMs));
    const deadlineMs = clock.monotonicMs() + rounds * slowestMs + FORCED_REUSE_MS;
    await Promise.all(targets.map((target) => this.#waitUntilFresh(target, deadlineMs, signal)));
  }

  /** Ends all checks, because the pod stops and no probe will answer them. */
  stop(): void {
    this.#stopped = true;
    for (const target of this.#waiting.keys()) this.changed(target);
  }

  /** Wakes the checks of a target: its facts changed, or its probe ended. */
  changed(target: TargetId): void {
    for (const notify of this.#waiting.get(target) ?? []) notify();
  }

  /**
   * Claims until the evidence is fresh. The store decides which pod probes; the replica shows when the probe is done. A
   * failure that needs a confirmation is confirmed here, once, since a target without a schedule has no other prober.
   */
  async #waitUntilFresh(target: FleetTarget, deadlineMs: number, signal: AbortSignal): Promise<void> {
    const { runner, scheduler } = this.#parts;
    let confirmed = false;
    let first = true;
    const goesOn = (): boolean => !this.#stopped && !signal.aborted && this.#options.clock.monotonicMs() < deadlineMs;
    while (goesOn() && scheduler.canForce(target)) {
      if (!runner.isRunning(target.id)) {
        const fresh = this.#isFresh(target);
        if (fresh && (confirmed || !this.#wantsConfirmation(target))) {
          if (first && !this.#wasUnbilled(target)) this.#parts.spendMeter.reused(target.id);
          return;
        }
        first = false;
        confirmed ||= fresh;
        // oxlint-disable-next-line no-await-in-loop -- each turn waits for something to happen
        const requested = await this.#request(target, fresh ? 'confirmation' : 'forced');
        if (!fresh && this.#isFresh(target)) continue;
        // An unbilled check that passes refreshes nothing. Waiting for fresh evidence would repeat it forever.
        // oxlint-disable-next-line no-await-in-loop -- the last turn
        if (requested === 'checked') return await this.#changeOrTimeout(target.id, signal);
      }
      // oxlint-disable-next-line no-await-in-loop -- see above
      await this.#changeOrTimeout(target.id, signal);
    }
  }

  async #request(target: FleetTarget, reason: 'forced' | 'confirmation'): Promise<'claimed' | 'checked'> {
    const { runner, permission, budgets } = this.#parts;
    if (permission() === 'shared') await this.#claimBatched(target, reason);
    else if (permission() === 'fallback' && runner.takeSlot(target)) {
      const over = budgets.takeFallbackShare(target);
      void runner.run({ target, reason: 'forced', level: over === undefined ? target.level : 'connect' });
      if (over !== undefined) return 'checked';
    }
    return 'claimed';
  }

  /** Claims many targets in one command. */
  async #claimBatched(target: FleetTarget, reason: 'forced' | 'confirmation'): Promise<void> {
    const { clock } = this.#options;
    this.#claims[reason] ??= new Promise((resolve) => {
      const targets: FleetTarget[] = [];
      this.#batches[reason] = targets;
      clock.setTimer(BATCH_WAIT_MS, () => {
        this.#claims[reason] = undefined;
        resolve(this.#parts.scheduler.force(targets, reason));
      });
    });
    this.#batches[reason].push(target);
    await this.#claims[reason];
  }

  #isFresh(target: FleetTarget): boolean {
    const last = this.#parts.beliefs.evidence(target.id)?.facts.last;
    return (
      last !== undefined &&
      (reaches(last.level, target.level) || last.overBudget !== undefined) &&
      (this.#parts.now() - last.answeredAt) / 1000 < FORCED_REUSE_MS
    );
  }

  /** True if the fresh evidence is an unbilled check. Reusing it saves no cost. */
  #wasUnbilled({ id }: FleetTarget): boolean {
    return this.#parts.beliefs.evidence(id)?.facts.last.overBudget !== undefined;
  }

  /** True if this pod could settle a pending change: as a second witness, or because there is no other pod. */
  #wantsConfirmation(target: FleetTarget): boolean {
    const { beliefs } = this.#parts;
    if (beliefs.next(target).reason !== 'confirmation') return false;
    const context = beliefs.context(target);
    const failureRun = beliefs.evidence(target.id)?.facts.failureRun;
    if (failureRun === undefined) return true;
    return !recentHosts(failureRun).includes(context.host) || podsToConfirm(failureRun, context).length === 0;
  }

  async #changeOrTimeout(target: TargetId, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const waiting = this.#waiting.get(target) ?? new Set();
      this.#waiting.set(target, waiting);
      const done = (): void => {
        waiting.delete(done);
        timer.cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = this.#options.clock.setTimer(POLL_MS, done);
      signal.addEventListener('abort', done, { once: true });
      waiting.add(done);
    });
  }
}
