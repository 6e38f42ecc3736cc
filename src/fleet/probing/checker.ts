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

/** What a check on demand works with. */
export interface CheckerParts {
  readonly beliefs: Beliefs;
  readonly scheduler: Scheduler;
  readonly runner: Runner;
  readonly budgets: BudgetLimits;
  readonly spendMeter: SpendMeter;
  readonly permission: () => ProbePermission;
  readonly now: () => number;
}

/** Checks on demand, shared by all callers on all pods: joins what runs, reuses what is fresh, probes the rest. */
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
    // As many rounds as the slots make of it, each as long as its slowest probe.
    const rounds = Math.ceil(targets.length / Math.min(maxProbes, maxProbesPerHost));
    const slowestMs = Math.max(0, ...targets.map(({ timeoutMs }) => timeoutMs));
    const deadlineMs = clock.monotonicMs() + rounds * slowestMs + FORCED_REUSE_MS;
    await Promise.all(targets.map((target) => this.#waitUntilFresh(target, deadlineMs, signal)));
  }

  /** Ends all checks: the pod stops, so that no probe answers them. */
  stop(): void {
    this.#stopped = true;
    for (const target of this.#waiting.keys()) this.changed(target);
  }

  /** New facts of a target are in the view, or its probe ended: whoever waits may look. */
  changed(target: TargetId): void {
    for (const notify of this.#waiting.get(target) ?? []) notify();
  }

  /**
   * Asks again until the evidence is fresh: the store says who probes, the view says when it is done. A failure that
   * waits for a second look gets it from here, once: where nothing is probed on schedule nobody else would.
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
        // A free look that passes refreshes nothing: whoever waited for that would look again and again.
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

  /** Many targets asked for at once are claimed together. */
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

  /** Such a look took nobody's money, so reusing it saves none. */
  #wasUnbilled({ id }: FleetTarget): boolean {
    return this.#parts.beliefs.evidence(id)?.facts.last.overBudget !== undefined;
  }

  /** Whether a change is pending that this pod could decide: as a second witness, or because there is no other pod. */
  #wantsConfirmation(target: FleetTarget): boolean {
    const { beliefs } = this.#parts;
    if (beliefs.next(target).reason !== 'confirmation') return false;
    const judge = beliefs.judge(target);
    const failureRun = beliefs.evidence(target.id)?.facts.failureRun;
    if (failureRun === undefined) return true;
    return !recentHosts(failureRun).includes(judge.host) || podsToConfirm(failureRun, judge).length === 0;
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
