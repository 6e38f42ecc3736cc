import type { AblePod, HostId, Level, Peer, PodId, TargetId } from '../../health/index.ts';
import { ALL_TARGETS, MAX_UNABLE } from '../../ports/index.ts';
import type { Membership, Unable } from './membership.ts';
import { whereOf } from '../options.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';
import { targetIndexOf } from '../target-index.ts';

/** A pod that got no evidence this many times in a row is no pod that others wait for. */
const BLIND_LOOKS = 2;
/** For so long. Then it takes its turn again: without that a pod that sees again would never find out. */
const BLIND_MS = 30_000;

/** What this pod's self-check finds. */
interface SelfJudgement {
  /** The self-check fails at most of this pod's hosts. */
  readonly impaired: boolean;
  /** Defined where only this pod fails to reach the target. */
  of(target: TargetId): object | undefined;
  targets(): readonly TargetId[];
}

interface EligibilityParts {
  readonly selfCheck: SelfJudgement;
  readonly membership: Membership;
}

/** Which targets this pod can look at now: what it tells the others, and counts itself by. */
export class EligiblePods {
  readonly #options: FleetOptions;
  readonly #parts: EligibilityParts;
  /** Probes in a row that told nothing, of whatever targets, and when the newest of them ended. */
  #blind = { looks: 0, atMs: 0 };

  constructor(options: FleetOptions, parts: EligibilityParts) {
    this.#options = options;
    this.#parts = parts;
  }

  /** A probe told nothing: the fault was this pod's, and would be at another target. */
  blinded(): void {
    this.#blind = { looks: this.#blind.looks + 1, atMs: this.#options.clock.monotonicMs() };
    this.#parts.membership.ableChanged();
  }

  /** A probe told something: what kept this pod from looking is over. */
  saw(): void {
    if (this.#blind.looks === 0) return;
    this.#blind = { looks: 0, atMs: 0 };
    this.#parts.membership.ableChanged();
  }

  /** This pod as one that can look at the target; undefined where it cannot. */
  self({ id, level, background }: FleetTarget): AblePod | undefined {
    if (this.#isBlind() || this.isOut(id)) return undefined;
    // A pod that looks only when asked counts where no pod looks on schedule.
    if (!background && this.#parts.membership.isScheduledElsewhere(id)) return undefined;
    return { pod: this.#options.pod, ...whereOf(this.#options), level };
  }

  /** Others reach the target and this pod does not. */
  isOut(target: TargetId): boolean {
    const { selfCheck } = this.#parts;
    return (selfCheck.impaired || selfCheck.of(target) !== undefined) && !this.isAlone(target);
  }

  /** No other live pod can look at the target: this one has to believe its own probes, whatever it thought of them before. */
  isAlone(target: TargetId): boolean {
    const { membership } = this.#parts;
    return membership.known && membership.eligible(target).length === 0;
  }

  /** Hosts of other pods that doubt what they see of the target. */
  doubtful(target: TargetId): readonly HostId[] {
    return this.#parts.membership.doubtful(target);
  }

  /** Whether another live pod is set to look at the target as deep as that, whether or not it can now. */
  isSetTo(target: TargetId, level: Level): boolean {
    return this.#parts.membership.isSetTo(target, level);
  }

  /** Some other live pods, and this one, that have the target, on other hosts than `but`, whether or not they can look. */
  peers(target: FleetTarget, but: HostId): readonly Peer[] {
    const others = this.#parts.membership.peers(target.id, but);
    const { host } = whereOf(this.#options);
    if (host === but) return others;
    const hindrance = this.#ownHindrance(target);
    const self = { pod: this.#options.pod, host, level: target.level, ...(hindrance && { hindrance }) };
    // The order of their names, as every pod shows it.
    return [self, ...others].toSorted((a, b) => (a.pod < b.pod ? -1 : 1));
  }

  #ownHindrance({ id, background }: FleetTarget): Peer['hindrance'] {
    const { selfCheck } = this.#parts;
    if (this.isOut(id)) return selfCheck.impaired ? 'impaired' : 'doubtful';
    if (this.#isBlind()) return 'blind';
    return background ? undefined : 'on-demand-only';
  }

  /** Whether a pod, this one or another, keeps its failures at the target to itself: its running probe says nothing of it. */
  isDoubting(pod: PodId, target: TargetId): boolean {
    return pod === this.#options.pod ? this.isOut(target) : this.#parts.membership.isDoubting(pod, target);
  }

  /** All pods that can look at the target now. */
  pods(target: FleetTarget): readonly AblePod[] {
    const self = this.self(target);
    const others = this.#parts.membership.eligible(target.id);
    return self === undefined ? others : [self, ...others];
  }

  /** What this pod tells the others that it cannot look at. */
  unable(): Unable {
    const { selfCheck } = this.#parts;
    return { blind: this.#isBlind() ? [ALL_TARGETS] : [], doubts: this.#bounded(selfCheck.targets()) };
  }

  #bounded(targets: readonly TargetId[]): readonly TargetId[] {
    const index = targetIndexOf(this.#options);
    const known = targets.filter((id) => index.has(id));
    return known.length > MAX_UNABLE ? [ALL_TARGETS] : known.toSorted();
  }

  #isBlind(): boolean {
    const { looks, atMs } = this.#blind;
    return looks >= BLIND_LOOKS && this.#options.clock.monotonicMs() - atMs < BLIND_MS;
  }
}
