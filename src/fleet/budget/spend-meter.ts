import type { Observation, TargetId } from '../../health/index.ts';
import type { ProbeCost, Logger, NanoUsd } from '../../ports/index.ts';
import { billOf } from './probe-cost.ts';
import type { FleetTarget } from '../options.ts';

export interface SpendMeterParts {
  readonly logger: Logger;
  readonly podsWith: (target: TargetId) => number;
}

/** Computes the cost of this pod's probes, and counts the checks on demand that reused evidence in between. */
export class SpendMeter {
  readonly #parts: SpendMeterParts;
  readonly #reused = new Map<TargetId, number>();
  /** The part of `#reused` that is in a commit under way: the commit may be refused and sent again. */
  readonly #onBill = new Map<TargetId, number>();
  readonly #warned = new Set<TargetId>();

  constructor(parts: SpendMeterParts) {
    this.#parts = parts;
  }

  /** A check on demand was answered by fresh evidence. */
  reused(target: TargetId): void {
    this.#reused.set(target, (this.#reused.get(target) ?? 0) + 1);
  }

  probeCostOf(target: FleetTarget, probe: Observation): ProbeCost | undefined {
    const reused = this.#reused.get(target.id) ?? 0;
    this.#onBill.set(target.id, reused);
    return billOf(target, probe, { pods: this.#parts.podsWith(target.id), reused });
  }

  /** The store has added the cost. */
  paid(target: FleetTarget, { nanoUsd }: ProbeCost): void {
    const left = (this.#reused.get(target.id) ?? 0) - (this.#onBill.get(target.id) ?? 0);
    this.#onBill.delete(target.id);
    if (left > 0) this.#reused.set(target.id, left);
    else this.#reused.delete(target.id);
    this.#warn(target, nanoUsd);
  }

  /**
   * Warns when a probe cost more than its token limit allows: the upstream ignores the limit, and so it will in later
   * probes.
   */
  #warn({ id, name, paid }: FleetTarget, nanoUsd: NanoUsd): void {
    const worstNanoUsd = paid?.worstNanoUsd ?? 0;
    if (worstNanoUsd === 0 || nanoUsd <= worstNanoUsd) {
      this.#warned.delete(id);
      return;
    }
    if (this.#warned.has(id)) return;
    this.#warned.add(id);
    const [cost, most] = [dollarsOf(nanoUsd), dollarsOf(worstNanoUsd)];
    this.#parts.logger.warn(
      `A probe of ${name} cost ${cost}, above the ${most} that its token limit allows: the upstream ignores the limit. To fix: set fleet_health.budget, or probe at level models`,
    );
  }
}

/** Dollars without an exponent and without trailing zeros. */
function dollarsOf(nanoUsd: NanoUsd): string {
  return `$${(nanoUsd / 1e9).toFixed(9).replace(/\.?0+$/, '')}`;
}
