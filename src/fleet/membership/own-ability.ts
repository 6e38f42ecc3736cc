import type { TargetId } from '../../health/index.ts';
import { ALL_TARGETS, MAX_UNABLE } from '../../ports/index.ts';
import type { MemberInfo } from '../../ports/index.ts';
import type { FleetOptions } from '../options.ts';
import { targetIndexOf } from '../target-index.ts';

/** A pod that got no evidence this many times in a row is no pod that others wait for. */
const BLIND_AFTER_PROBES = 2;
/** For so long. Then it takes its turn again: without that a pod that sees again would never find out. */
const BLIND_MS = 30_000;

/** What this pod's self-check finds. */
export interface SelfCheckView {
  /** The self-check fails at most of this pod's hosts. */
  readonly impaired: boolean;
  /** Defined where only this pod fails to reach the target. */
  of(target: TargetId): object | undefined;
  targets(): readonly TargetId[];
}

/** What a pod's heartbeat says of the targets that it cannot probe. */
export type Unable = Pick<MemberInfo, 'blind' | 'unreached'>;

/** What this pod cannot probe now, by a fault of its own: the part of its heartbeat that other pods plan by. */
export class OwnAbility {
  readonly #options: FleetOptions;
  readonly #selfCheck: Pick<SelfCheckView, 'targets'>;
  /** Probes in a row without evidence, of whatever targets, and when the newest of them ended. */
  #inconclusive = { looks: 0, atMs: 0 };

  constructor(options: FleetOptions, selfCheck: Pick<SelfCheckView, 'targets'>) {
    this.#options = options;
    this.#selfCheck = selfCheck;
  }

  get isBlind(): boolean {
    const { looks, atMs } = this.#inconclusive;
    return looks >= BLIND_AFTER_PROBES && this.#options.clock.monotonicMs() - atMs < BLIND_MS;
  }

  /** A probe brought no evidence. */
  probeInconclusive(): void {
    this.#inconclusive = { looks: this.#inconclusive.looks + 1, atMs: this.#options.clock.monotonicMs() };
  }

  /** A probe brought evidence. Answers whether that is a change. */
  probeConclusive(): boolean {
    if (this.#inconclusive.looks === 0) return false;
    this.#inconclusive = { looks: 0, atMs: 0 };
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
