import type { PodId } from '../../health/index.ts';
import type { Clock, FleetStatus } from '../../ports/index.ts';
import { noticeOf } from '../incidents/index.ts';
import type { IncidentMember, Outgoing } from '../incidents/index.ts';

/** A pod that lives is a member again by then; one that ended is no member any more. */
const SETTLED_MS = 15_000;
/** Time for which a pod may take the lease and end the incidents. */
const KEPT_MS = 120_000;

interface Ended {
  readonly names: ReadonlyMap<PodId, string>;
  readonly backMs: number;
  readonly lostMs: number;
  /** Its names are those of the pods that are gone. */
  readonly isSettled: boolean;
}

/**
 * The pods of the fleet before Redis was lost. One that was killed meanwhile may have sent that Redis is lost, and cannot end
 * that incident, whose id follows from its own.
 */
export class Departures {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #pod: PodId;
  #members: ReadonlyMap<PodId, string> = new Map();
  #ended: Ended | undefined;

  constructor({ clock, pod }: { readonly clock: Pick<Clock, 'monotonicMs'>; readonly pod: PodId }) {
    this.#clock = clock;
    this.#pod = pod;
  }

  /** The store answers. */
  shared({ members }: Pick<FleetStatus, 'members'>): void {
    // Right after a loss the list is the one of before it.
    if (this.#ended !== undefined && this.#clock.monotonicMs() < this.#ended.backMs + SETTLED_MS) return;
    this.#settle(members);
    this.#members = new Map(members.map(({ pod, name }) => [pod, name ?? pod]));
  }

  /** The store answers again after a loss that pods may have reported. */
  lost(sinceMs: number): void {
    const names = new Map([...(this.#ended?.names ?? []), ...this.#members]);
    names.delete(this.#pod);
    this.#ended = { names, backMs: this.#clock.monotonicMs(), lostMs: sinceMs, isSettled: false };
  }

  /** It is known now which pods are gone. One that leaves later ends its own incident. */
  #settle(members: FleetStatus['members']): void {
    if (this.#ended === undefined || this.#ended.isSettled) return;
    const live = new Set(members.map(({ pod }) => pod));
    const names = new Map([...this.#ended.names].filter(([pod]) => !live.has(pod)));
    this.#ended = names.size === 0 ? undefined : { ...this.#ended, names, isSettled: true };
  }

  /** The messages that end the incidents of pods that are gone, once it is known which are. */
  messages({ now }: Pick<FleetStatus, 'now'>, receivers: readonly string[]): readonly Outgoing[] {
    if (this.#ended?.isSettled !== true || receivers.length === 0) return [];
    const { names, backMs, lostMs } = this.#ended;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs >= backMs + KEPT_MS) {
      this.#ended = undefined;
      return [];
    }
    const since = Math.max(0, Math.round(now - (nowMs - lostMs) * 1_000));
    return [...names].map(([pod, name]) => {
      const label = `Redis answers again; the pod that did not reach it is gone: ${name}`;
      const member = { ...lostMember(pod, { label, since, why: '' }), endedAt: now, end: 'up' as const };
      const incident = {
        id: member.key,
        place: 'Redis',
        openedAt: since,
        members: [member],
        receivers,
        updated: false,
      };
      return { notice: noticeOf(incident, 'resolve', now), pending: receivers };
    });
  }

  /** The messages are in the book. */
  written(): void {
    this.#ended = undefined;
  }
}

/** The member of a pod's incident that it does not reach Redis. One per pod: the loss of one pod may end before that of another. */
export function lostMember(pod: PodId, said: Pick<IncidentMember, 'label' | 'since' | 'why'>): IncidentMember {
  const key = `store-lost-${pod}`;
  return { key, kind: 'store-lost', ...said, endedAt: null, end: null, goneSince: null };
}
