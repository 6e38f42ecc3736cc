import type { Membership } from '../membership/index.ts';
import type { FleetOptions } from '../options.ts';

/** How many pods share the work, for shares of a budget. */
export class PodCount {
  readonly #options: Pick<FleetOptions, 'expectedPods'>;
  readonly #membership: Pick<Membership, 'members' | 'known'>;
  #podsBeforeRestart = 1;

  constructor(options: Pick<FleetOptions, 'expectedPods'>, membership: Pick<Membership, 'members' | 'known'>) {
    this.#options = options;
    this.#membership = membership;
  }

  /** As many as live, or lived before the restart, or are to be expected. */
  get pods(): number {
    const { members, known } = this.#membership;
    return Math.max(members.length, this.#options.expectedPods ?? (known ? 1 : this.#podsBeforeRestart));
  }

  /** As many lived when the process before this one kept its state. */
  restore(pods: number): void {
    this.#podsBeforeRestart = Math.max(1, pods);
  }
}
