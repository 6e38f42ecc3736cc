import { reaches } from '../health/index.ts';
import type { TargetId } from '../health/index.ts';
import { FORCED_REUSE_MS } from '../ports/index.ts';
import type { Knowledge } from './knowledge.ts';
import type { Footing } from './mode-keeper.ts';
import type { FleetOptions, FleetTarget } from './options.ts';
import type { Runner } from './runner.ts';
import type { Scheduler } from './scheduler.ts';

const POLL_MS = 200;

/** What a check on demand works with. */
export interface CheckerParts {
  readonly knowledge: Knowledge;
  readonly scheduler: Scheduler;
  readonly runner: Runner;
  readonly footing: () => Footing;
  readonly now: () => number;
}

/** Checks on demand, shared by all callers on all pods: joins what runs, reuses what is fresh, probes the rest. */
export class Checker {
  readonly #options: FleetOptions;
  readonly #parts: CheckerParts;
  readonly #targets: ReadonlyMap<TargetId, FleetTarget>;
  readonly #waiting = new Map<TargetId, Set<() => void>>();

  constructor(options: FleetOptions, parts: CheckerParts) {
    this.#options = options;
    this.#parts = parts;
    this.#targets = new Map(options.targets.map((target) => [target.id, target]));
  }

  /** See `FleetChecker.check`. */
  async check(ids: readonly TargetId[], signal: AbortSignal): Promise<void> {
    const targets = ids.flatMap((id) => this.#targets.get(id) ?? []);
    await Promise.all(targets.map((target) => this.#fresh(target, signal)));
  }

  /** New facts of a target are in the view, or its probe ended: whoever waits may look. */
  changed(target: TargetId): void {
    for (const look of this.#waiting.get(target) ?? []) look();
  }

  /** Asks again until the evidence is fresh: the store says who probes, the view says when it is done. */
  async #fresh(target: FleetTarget, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const deadlineMs = clock.monotonicMs() + target.timeoutMs + FORCED_REUSE_MS;
    while (!this.#isFresh(target) && !signal.aborted && clock.monotonicMs() < deadlineMs) {
      // oxlint-disable-next-line no-await-in-loop -- each turn waits for something to happen
      await this.#ask(target);
      if (this.#isFresh(target)) return;
      // oxlint-disable-next-line no-await-in-loop -- see above
      await this.#somethingHappens(target.id, signal);
    }
  }

  async #ask(target: FleetTarget): Promise<void> {
    const { runner, scheduler, footing } = this.#parts;
    if (runner.isRunning(target.id)) return;
    if (footing() === 'shared') await scheduler.force([target]);
    else if (footing() === 'alone' && runner.takeSlot(target)) {
      await runner.run({ target, reason: 'forced', level: target.level });
    }
  }

  #isFresh(target: FleetTarget): boolean {
    const last = this.#parts.knowledge.evidence(target.id)?.facts.lastProbe;
    return (
      last !== undefined &&
      reaches(last.level, target.level) &&
      (this.#parts.now() - last.answeredAt) / 1000 < FORCED_REUSE_MS
    );
  }

  async #somethingHappens(target: TargetId, signal: AbortSignal): Promise<void> {
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
