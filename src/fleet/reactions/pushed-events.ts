import type { Grant, TargetId } from '../../health/index.ts';
import type { FleetEvent } from '../../ports/index.ts';
import type { Announcer, LogLines } from '../reporting/index.ts';
import type { Doubts, Knowledge } from '../evidence/index.ts';
import type { FleetOptions } from '../options.ts';
import type { Purse } from '../budget/index.ts';
import { rosterOf } from '../target-index.ts';
import type { Scheduler } from '../probing/index.ts';
import type { StoreClock } from '../store/index.ts';
import type { FleetView } from '../replication/index.ts';

/** Who is concerned by what the store says. */
export interface HearingParts {
  readonly view: FleetView;
  readonly storeClock: StoreClock;
  readonly doubts: Doubts;
  readonly knowledge: Knowledge;
  readonly announcer: Announcer;
  readonly lines: LogLines;
  readonly scheduler: Scheduler;
  readonly purse: Purse;
  /** What is believed of the target may have changed. */
  readonly changed: (target: TargetId) => void;
}

/** Passes on what the store pushed, once it is in the view. */
export class Hearing {
  readonly #options: FleetOptions;
  readonly #parts: HearingParts;

  constructor(options: FleetOptions, parts: HearingParts) {
    this.#options = options;
    this.#parts = parts;
  }

  hear(event: FleetEvent): void {
    const own = event.pod === this.#options.pod;
    const { scheduler, lines, changed } = this.#parts;
    if (event.kind === 'lease') {
      for (const { target, grant, until } of event.leases) {
        if (!own && until > 0) this.#heardOfClaim(target, grant);
        scheduler.plan(target);
      }
      if (own && event.leases.some(({ until }) => until > 0)) lines.claimed();
    } else if (event.kind === 'forget') for (const target of event.targets) changed(target);
    else if (event.kind === 'commit') {
      for (const { target } of event.records) {
        if (!own) this.#heard(target);
        changed(target);
      }
    }
  }

  /** The store has counted it: a loss of its data before the commit must not lose that. */
  #heardOfClaim(id: TargetId, grant: Grant): void {
    const { purse } = this.#parts;
    const target = rosterOf(this.#options).get(id);
    if (target !== undefined && purse.over(target) === undefined) purse.heard(target, grant);
  }

  /** Propagation counts where it matters: when another pod's evidence changes what this pod believes. */
  #heard(id: TargetId): void {
    const { view, storeClock, doubts, knowledge, announcer, purse } = this.#parts;
    const target = rosterOf(this.#options).get(id);
    const facts = view.record(id)?.facts;
    if (target === undefined || facts === undefined) return;
    doubts.fleetSaw(id, facts);
    if (facts.lastProbe.level === target.level) purse.heard(target, facts.lastProbe.at);
    if (knowledge.belief(target).state === announcer.told(id)) return;
    this.#options.metrics.propagated(Math.max(0, (storeClock.now() - facts.lastProbe.answeredAt) / 1000));
  }
}
