import type { PodId } from '../../health/index.ts';
import { counted } from '../../health/index.ts';
import type { MemberInfo, Timer } from '../../ports/index.ts';
import type { FleetOptions } from '../options.ts';

/**
 * Time after which a pod that is missing counts as gone: longer than the interval of heartbeats, so that all pods send one
 * after an outage or a loss of the store's data.
 */
const CONFIRM_MS = 5_000;
/** Pods named in one line. */
const MOST_NAMED = 3;

/** Logs pods that left the fleet: as a warning in the first live pod, so that the fleet warns once. */
export class DepartureLog {
  readonly #options: FleetOptions;
  #members: readonly MemberInfo[] = [];
  readonly #missing = new Map<PodId, MemberInfo>();
  #timer: Timer | undefined;

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  /** Compares the live members with those of the call before. */
  check(members: readonly MemberInfo[]): void {
    const live = new Set(members.map(({ pod }) => pod));
    for (const member of this.#members) if (!live.has(member.pod)) this.#missing.set(member.pod, member);
    for (const pod of live) this.#missing.delete(pod);
    this.#members = members;
    if (this.#missing.size > 0) this.#timer ??= this.#options.clock.setTimer(CONFIRM_MS, () => this.#report());
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #report(): void {
    const { logger, pod } = this.#options;
    const gone = [...this.#missing.values()];
    const left = this.#members.length;
    this.#timer = undefined;
    this.#missing.clear();
    if (gone.length === 0) return;
    const more = gone.length - MOST_NAMED;
    const named = gone.slice(0, MOST_NAMED).map(nameOf).join(', ') + (more > 0 ? ` and ${more} more` : '');
    if (this.#members[0]?.pod === pod) {
      logger.warn(
        `Pods left the fleet: ${named}: stopped, or no heartbeat for 10 s; ${counted(left, 'pod')} left. To fix: check these pods, unless a deploy or a scale-down stopped them`,
      );
    } else logger.debug(`Pods left the fleet: ${named}; ${counted(left, 'pod')} left`);
  }
}

function nameOf({ pod, name }: MemberInfo): string {
  return name === undefined ? pod : `${name}/${pod}`;
}
