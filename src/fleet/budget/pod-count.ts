import type { Membership } from '../membership/index.ts';
import type { FleetOptions } from '../options.ts';

/** Number of pods that share a budget. */
export class PodCount {
  readonly #options: Pick<FleetOptions, 'expectedPods'>;
  readonly #membership: Pick<Membership, 'members' | 'known'>;
  #podsBeforeRestart = 1;

  constructor(options: Pick<FleetOptions, 'expectedPods'>, membership: Pick<Membership, 'members' | 'known'>) {
    this.#options = options;
    this.#membership = membership;
  }

  /** The largest of the live members and the expected pods, or the number before the restart. */
  get pods(): number {
    const { members, known } = this.#membership;
    return Math.max(members.length, this.#options.expectedPods ?? (known ? 1 : this.#podsBeforeRestart));
  }

  /** Sets the number of pods before the restart. */
  restore(pods: number): void {
    this.#podsBeforeRestart = Math.max(1, pods);
  }
}
