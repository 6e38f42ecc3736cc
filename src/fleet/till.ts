import type { LastProbe, TargetId } from '../health/index.ts';
import type { Bill } from '../ports/index.ts';
import { billOf } from './bill.ts';
import type { FleetTarget } from './options.ts';

/** Makes the bills of this pod's probes, and remembers what checks on demand did not cost in between. */
export class Till {
  readonly #podsKnowing: (target: TargetId) => number;
  readonly #reused = new Map<TargetId, number>();

  constructor(podsKnowing: (target: TargetId) => number) {
    this.#podsKnowing = podsKnowing;
  }

  /** A check was answered by evidence that was fresh already. */
  reused(target: TargetId): void {
    this.#reused.set(target, (this.#reused.get(target) ?? 0) + 1);
  }

  bill(target: FleetTarget, probe: LastProbe): Bill | undefined {
    const bill = billOf(target, probe, {
      pods: this.#podsKnowing(target.id),
      reused: this.#reused.get(target.id) ?? 0,
    });
    if (bill !== undefined) this.#reused.delete(target.id);
    return bill;
  }
}
