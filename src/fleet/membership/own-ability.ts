import type { TargetId } from '../../health/index.ts';
import { ALL_TARGETS, MAX_UNABLE } from '../../ports/index.ts';
import type { MemberInfo } from '../../ports/index.ts';
import type { FleetOptions } from '../options.ts';
import { targetIndexOf } from '../target-index.ts';

/** After this many inconclusive probes in a row other pods do not wait for this pod. */
const BLIND_AFTER_PROBES = 2;
/** Duration of that. Then the pod takes its turn again; otherwise it would never find out that it has recovered. */
const BLIND_MS = 30_000;

/** Results of this pod's self-check. */
export interface SelfCheckView {
  /** The self-check fails at half or more of this pod's hosts. */
  readonly impaired: boolean;
  /** Defined where only this pod fails to reach the target. */
  of(target: TargetId): object | undefined;
  targets(): readonly TargetId[];
}

/** The fields of a heartbeat that name the targets which the pod cannot probe. */
export type Unable = Pick<MemberInfo, 'blind' | 'unreached'>;

/**
 * Targets that this pod cannot probe now because of its own fault. Its heartbeat carries them, and other pods plan by
 * them.
 */
export class OwnAbility {
  readonly #options: FleetOptions;
  readonly #selfCheck: Pick<SelfCheckView, 'targets'>;
  /** Inconclusive probes in a row, of any target, and the end of the newest. */
  #inconclusive = { probes: 0, atMs: 0 };

  constructor(options: FleetOptions, selfCheck: Pick<SelfCheckView, 'targets'>) {
    this.#options = options;
    this.#selfCheck = selfCheck;
  }

  get isBlind(): boolean {
    const { probes, atMs } = this.#inconclusive;
    return probes >= BLIND_AFTER_PROBES && this.#options.clock.monotonicMs() - atMs < BLIND_MS;
  }

  /** A probe gave no evidence. */
  probeInconclusive(): void {
    this.#inconclusive = { probes: this.#inconclusive.probes + 1, atMs: this.#options.clock.monotonicMs() };
  }

  /** A probe gave evidence. Returns true if that is a change. */
  probeConclusive(): boolean {
    if (this.#inconclusive.probes === 0) return false;
    this.#inconclusive = { probes: 0, atMs: 0 };
    return true;
  }

  unable(): Unable {
    return { blind: this.isBlind ? [ALL_TARGETS] : [], unreached: this.#bounded(this.#selfCheck.targets()) };
  }

  #bounded(targets: readonly TargetId[]): readonly TargetId[] {
    const index = targetIndexOf(this.#options);
    const known = targets.filter((id) => index.has(id));
    return known.length > MAX_UNABLE ? [ALL_TARGETS] : known.toSorted();
  }
}
