import type { TargetId } from '../../health/index.ts';
import { TimeSlicedQueue } from '../time-sliced-queue.ts';
import { targetIndexOf } from '../target-index.ts';
import type { Parts } from '../wiring.ts';

type Changed = Pick<Parts, 'options' | 'announcer' | 'scheduler' | 'checker'>;

/** Reactions to targets whose state or next probe may have changed: announce, plan, wake checks on demand. */
export class TargetChanges {
  readonly #parts: Changed;
  /** Time-sliced, because there may be thousands of targets. */
  readonly #toChange: TimeSlicedQueue;
  readonly #toAnnounce: TimeSlicedQueue;

  constructor(parts: Changed) {
    this.#parts = parts;
    this.#toChange = new TimeSlicedQueue(parts.options.clock, (id) => this.changed(id));
    this.#toAnnounce = new TimeSlicedQueue(parts.options.clock, (id) => this.#announce(id));
  }

  changed(id: TargetId): void {
    if (!this.#announce(id)) return;
    this.#parts.scheduler.plan(id);
    this.#parts.checker.changed(id);
  }

  allChanged(): void {
    this.#toChange.add(this.#failingFirst());
  }

  /** Time has passed: states may have changed, but no plan. */
  timePassed(): void {
    this.#toAnnounce.add(this.#failingFirst());
  }

  stop(): void {
    this.#toChange.stop();
    this.#toAnnounce.stop();
  }

  /** Returns true if the target is configured. */
  #announce(id: TargetId): boolean {
    const target = targetIndexOf(this.#parts.options).get(id);
    if (target === undefined) return false;
    this.#parts.announcer.announce(target);
    return true;
  }

  /** A target that is not up may wait for a pod that joined or left. For all others only the order of turns changes. */
  #failingFirst(): readonly TargetId[] {
    const { options, announcer } = this.#parts;
    const [troubled, well]: [TargetId[], TargetId[]] = [[], []];
    for (const { id } of options.targets) (announcer.lastState(id) === 'up' ? well : troubled).push(id);
    return [...troubled, ...well];
  }
}
