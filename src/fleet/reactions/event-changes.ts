import type { Grant, TargetId } from '../../health/index.ts';
import type { FleetEvent } from '../../ports/index.ts';
import type { Announcer, LogLines } from '../reporting/index.ts';
import type { SelfCheck, Beliefs } from '../evidence/index.ts';
import type { FleetOptions } from '../options.ts';
import type { BudgetLimits } from '../budget/index.ts';
import { targetIndexOf } from '../target-index.ts';
import type { Scheduler } from '../probing/index.ts';
import type { StoreClock } from '../store/index.ts';
import type { Replica } from '../replication/index.ts';

/** Parts that react to pushed events. */
export interface EventChangeParts {
  readonly replica: Replica;
  readonly storeClock: StoreClock;
  readonly selfCheck: SelfCheck;
  readonly beliefs: Beliefs;
  readonly announcer: Announcer;
  readonly lines: LogLines;
  readonly scheduler: Scheduler;
  readonly budgets: BudgetLimits;
  /** The belief about the target may have changed. */
  readonly changed: (target: TargetId) => void;
}

/** Reacts to pushed events once the replica has applied them. */
export class EventChanges {
  readonly #options: FleetOptions;
  readonly #parts: EventChangeParts;

  constructor(options: FleetOptions, parts: EventChangeParts) {
    this.#options = options;
    this.#parts = parts;
  }

  apply(event: FleetEvent): void {
    const own = event.pod === this.#options.pod;
    const { scheduler, lines, changed } = this.#parts;
    if (event.kind === 'lease') {
      for (const { target, grant, until } of event.leases) {
        if (!own && until > 0) this.#noteClaim(target, grant);
        scheduler.plan(target);
      }
      if (own && event.leases.some(({ until }) => until > 0)) lines.claimed();
    } else if (event.kind === 'forget') for (const target of event.targets) changed(target);
    else if (event.kind === 'commit') {
      for (const { target } of event.records) {
        if (!own) this.#noteEvidence(target);
        changed(target);
      }
    }
  }

  /** The store has counted this claim. The count must survive a loss of data before the commit. */
  #noteClaim(id: TargetId, grant: Grant): void {
    const { budgets } = this.#parts;
    const target = targetIndexOf(this.#options).get(id);
    if (target !== undefined && budgets.over(target) === undefined) budgets.probeByOtherPod(target, grant);
  }

  /** Measures propagation only where another pod's evidence changes this pod's belief. */
  #noteEvidence(id: TargetId): void {
    const { replica, storeClock, selfCheck, beliefs, announcer, budgets, lines } = this.#parts;
    const target = targetIndexOf(this.#options).get(id);
    const facts = replica.record(id)?.facts;
    if (target === undefined || facts === undefined) return;
    lines.usedResult();
    selfCheck.fleetEvidence(id, facts);
    if (facts.last.level === target.level) budgets.probeByOtherPod(target, facts.last.at);
    if (beliefs.belief(target).state === announcer.lastState(id)) return;
    this.#options.metrics.propagated(Math.max(0, (storeClock.now() - facts.last.answeredAt) / 1000));
  }
}
