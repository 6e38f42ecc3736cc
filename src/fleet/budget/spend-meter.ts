import type { Observation, TargetId } from '../../health/index.ts';
import type { ProbeCost, Logger, NanoUsd } from '../../ports/index.ts';
import { billOf } from './probe-cost.ts';
import type { FleetTarget } from '../options.ts';

export interface SpendMeterParts {
  readonly logger: Logger;
  readonly podsWith: (target: TargetId) => number;
}

/** Makes the bills of this pod's probes, and remembers what checks on demand did not cost in between. */
export class SpendMeter {
  readonly #parts: SpendMeterParts;
  readonly #reused = new Map<TargetId, number>();
  /** Of those, the ones on a bill that is not paid yet: it may be refused, and made anew. */
  readonly #onBill = new Map<TargetId, number>();
  readonly #warned = new Set<TargetId>();

  constructor(parts: SpendMeterParts) {
    this.#parts = parts;
  }

  /** A check was answered by evidence that was fresh already. */
  reused(target: TargetId): void {
    this.#reused.set(target, (this.#reused.get(target) ?? 0) + 1);
  }

  costOf(target: FleetTarget, probe: Observation): ProbeCost | undefined {
    const reused = this.#reused.get(target.id) ?? 0;
    this.#onBill.set(target.id, reused);
    return billOf(target, probe, { pods: this.#parts.podsWith(target.id), reused });
  }

  /** The store took the bill. */
  paid(target: FleetTarget, { nanoUsd }: ProbeCost): void {
    const left = (this.#reused.get(target.id) ?? 0) - (this.#onBill.get(target.id) ?? 0);
    this.#onBill.delete(target.id);
    if (left > 0) this.#reused.set(target.id, left);
    else this.#reused.delete(target.id);
    this.#warn(target, nanoUsd);
  }

  /** A probe that costs more than its limit of tokens allows thinks beyond it, and so will the next ones. */
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
      `A probe of ${name} cost ${cost}, above the ${most} that max_tokens allow: the upstream ignores the limit`,
    );
  }
}

/** Without an exponent, and without zeros at the end. */
function dollarsOf(nanoUsd: NanoUsd): string {
  return `$${(nanoUsd / 1e9).toFixed(9).replace(/\.?0+$/, '')}`;
}
