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

/** Which live pods, this one included, can probe which target now. */
export class EligiblePods {
  readonly #options: FleetOptions;
  readonly #parts: EligibilityParts;
  constructor(options: FleetOptions, parts: EligibilityParts) {
    this.#options = options;
    this.#parts = parts;
  }

  /** A probe brought no evidence: the fault is this pod's, and would show at another target, too. */
  probeInconclusive(): void {
    this.#parts.ability.probeInconclusive();
    this.#parts.membership.abilityChanged();
  }

  /** A probe brought evidence: the fault of this pod has ended. */
  probeConclusive(): void {
    if (this.#parts.ability.probeConclusive()) this.#parts.membership.abilityChanged();
  }

  /** This pod as one that can look at the target; undefined where it cannot. */
  self({ id, level, background }: FleetTarget): AblePod | undefined {
    if (this.#parts.ability.isBlind || this.isExcluded(id)) return undefined;
    // A pod that looks only when asked counts where no pod looks on schedule.
    if (!background && this.#parts.membership.isScheduledElsewhere(id)) return undefined;
    return { pod: this.#options.pod, ...hostAndDomainOf(this.#options), level };
  }

  /** Others reach the target and this pod does not. */
  isExcluded(target: TargetId): boolean {
    const { selfCheck } = this.#parts;
    return (selfCheck.impaired || selfCheck.of(target) !== undefined) && !this.isOnlyEligible(target);
  }

  /** No other live pod can look at the target: this one has to believe its own probes, whatever it thought of them before. */
  isOnlyEligible(target: TargetId): boolean {
    const { membership } = this.#parts;
    return membership.known && membership.eligible(target).length === 0;
  }

  /** Hosts of other pods that doubt what they see of the target. */
  failingAlone(target: TargetId): readonly HostId[] {
    return this.#parts.membership.failingAlone(target);
  }

  /** Whether another live pod is set to look at the target as deep as that, whether or not it can now. */
  isSetTo(target: TargetId, level: Level): boolean {
    return this.#parts.membership.isSetTo(target, level);
  }

  /** Some other live pods, and this one, that have the target, on other hosts than `but`, whether or not they can look. */
  peers(target: FleetTarget, but: HostId): readonly Peer[] {
    const others = this.#parts.membership.peers(target.id, but);
    const { host } = hostAndDomainOf(this.#options);
    if (host === but) return others;
    const hindrance = this.#ownHindrance(target);
    const self = { pod: this.#options.pod, host, level: target.level, ...(hindrance && { hindrance }) };
    // The order of their names, as every pod shows it.
    return [self, ...others].toSorted((a, b) => (a.pod < b.pod ? -1 : 1));
  }

  #ownHindrance({ id, background }: FleetTarget): Peer['hindrance'] {
    const { selfCheck } = this.#parts;
    if (this.isExcluded(id)) return selfCheck.impaired ? 'impaired' : 'fails-alone';
    if (this.#parts.ability.isBlind) return 'blind';
    return background ? undefined : 'on-demand-only';
  }

  /** Whether a pod, this one or another, keeps its failures at the target to itself: its running probe says nothing of it. */
  isDoubting(pod: PodId, target: TargetId): boolean {
    return pod === this.#options.pod ? this.isExcluded(target) : this.#parts.membership.isDoubting(pod, target);
  }

  /** All pods that can look at the target now. */
  pods(target: FleetTarget): readonly AblePod[] {
    const self = this.self(target);
    const others = this.#parts.membership.eligible(target.id);
    return self === undefined ? others : [self, ...others];
  }
}
