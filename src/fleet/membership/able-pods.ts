import type { AblePod, HostId, Level, Peer, PodId, TargetId } from '../../health/index.ts';
import type { Membership } from './membership.ts';
import type { OwnAbility, SelfCheckView } from './own-ability.ts';
import { hostAndDomainOf } from '../options.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';

interface EligibilityParts {
  readonly selfCheck: Pick<SelfCheckView, 'impaired' | 'of'>;
  readonly membership: Membership;
  readonly ability: OwnAbility;
}

/** Computes which live pods, this one included, can probe which target now. */
export class AblePods {
  readonly #options: FleetOptions;
  readonly #parts: EligibilityParts;
  constructor(options: FleetOptions, parts: EligibilityParts) {
    this.#options = options;
    this.#parts = parts;
  }

  /** A probe gave no evidence. The cause is in this pod, so other targets would be affected too. */
  probeInconclusive(): void {
    this.#parts.ability.probeInconclusive();
    this.#parts.membership.abilityChanged();
  }

  /** A probe gave evidence, so the fault of this pod is over. */
  probeConclusive(): void {
    if (this.#parts.ability.probeConclusive()) this.#parts.membership.abilityChanged();
  }

  /** This pod as one that can probe the target; undefined if it cannot. */
  self({ id, level, background }: FleetTarget): AblePod | undefined {
    if (this.#parts.ability.isBlind || this.isExcluded(id)) return undefined;
    // A pod that probes only on demand counts only if no pod probes on schedule.
    if (!background && this.#parts.membership.isScheduledElsewhere(id)) return undefined;
    return { pod: this.#options.pod, ...hostAndDomainOf(this.#options), level };
  }

  /** True if other pods reach the target and this pod does not. */
  isExcluded(target: TargetId): boolean {
    const { selfCheck } = this.#parts;
    return (selfCheck.impaired || selfCheck.of(target) !== undefined) && !this.isOnlyAble(target);
  }

  /**
   * True if no other live pod can probe the target. This pod must then use its own probes, whatever the self-check
   * found.
   */
  isOnlyAble(target: TargetId): boolean {
    const { membership } = this.#parts;
    return membership.known && membership.ablePods(target).length === 0;
  }

  /** Hosts of other pods whose self-check blames themselves for failures of the target. */
  failingAlone(target: TargetId): readonly HostId[] {
    return this.#parts.membership.failingAlone(target);
  }

  /** True if another live pod is configured to probe the target at this level or deeper, even if it cannot now. */
  isSetTo(target: TargetId, level: Level): boolean {
    return this.#parts.membership.isSetTo(target, level);
  }

  /**
   * Some live pods that have the target, this one included, on other hosts than `excludedHost`, whether or not they can probe
   * now.
   */
  peers(target: FleetTarget, excludedHost: HostId): readonly Peer[] {
    const others = this.#parts.membership.peers(target.id, excludedHost);
    const { host } = hostAndDomainOf(this.#options);
    if (host === excludedHost) return others;
    const hindrance = this.#ownHindrance(target);
    const self = { pod: this.#options.pod, host, level: target.level, ...(hindrance && { hindrance }) };
    // By name, in the order that every pod shows.
    return [self, ...others].toSorted((a, b) => (a.pod < b.pod ? -1 : 1));
  }

  #ownHindrance({ id, background }: FleetTarget): Peer['hindrance'] {
    const { selfCheck } = this.#parts;
    if (this.isExcluded(id)) return selfCheck.impaired ? 'impaired' : 'fails-alone';
    if (this.#parts.ability.isBlind) return 'blind';
    return background ? undefined : 'on-demand-only';
  }

  /**
   * True if a pod, this one or another, does not report its failures of the target, so that its running probe proves
   * nothing.
   */
  failsAlone(pod: PodId, target: TargetId): boolean {
    return pod === this.#options.pod ? this.isExcluded(target) : this.#parts.membership.failsAlone(pod, target);
  }

  /** All pods that can probe the target now. */
  pods(target: FleetTarget): readonly AblePod[] {
    const self = this.self(target);
    const others = this.#parts.membership.ablePods(target.id);
    return self === undefined ? others : [self, ...others];
  }
}
