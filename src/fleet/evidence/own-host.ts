import { hostOf } from '../../health/index.ts';
import type { Observation, TargetId } from '../../health/index.ts';
import { hostAndDomainOf } from '../options.ts';
import type { FleetOptions } from '../options.ts';

/**
 * Successes of other pods on this pod's own host. They share its network, so a success after a failure of this pod is a recovery of the
 * target rather than a fault of this pod alone. A second one, while this pod has had no success of its own, is no longer.
 */
export class OwnHostSuccesses {
  readonly #host: string;
  readonly #first = new Set<TargetId>();

  constructor(options: Pick<FleetOptions, 'pod' | 'host' | 'domain'>) {
    this.#host = hostAndDomainOf(options).host;
  }

  /** True for the first success from this host. */
  isFirst(target: TargetId, success: Observation): boolean {
    if (hostOf(success) !== this.#host || this.#first.has(target)) return false;
    this.#first.add(target);
    return true;
  }

  /** This pod succeeded itself, or has no such target any more. */
  delete(target: TargetId): void {
    this.#first.delete(target);
  }
}
