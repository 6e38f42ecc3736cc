import type { TargetId } from '../../health/index.ts';
import { TimeSlicedQueue } from '../time-sliced-queue.ts';
import { targetIndexOf } from '../target-index.ts';
import type { Parts } from '../wiring.ts';

type Changed = Pick<Parts, 'options' | 'announcer' | 'scheduler' | 'checker'>;

/** What follows where the state of targets, or their next probe, may be another: announce, plan, answer checks on demand. */
export class TargetChanges {
  readonly #parts: Changed;
  /** In slices, for there may be thousands of targets. */
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

  /** Time has passed: any state may be another one, and no plan is. */
  timePassed(): void {
    this.#toAnnounce.add(this.#failingFirst());
  }

  stop(): void {
    this.#toChange.stop();
    this.#toAnnounce.stop();
  }

  /** Answers whether the target is configured. */
  #announce(id: TargetId): boolean {
    const target = targetIndexOf(this.#parts.options).get(id);
    if (target === undefined) return false;
    this.#parts.announcer.announce(target);
    return true;
  }

  /** A target that is not well may wait for a pod that came or went; for all others only the order of turns is another. */
  #failingFirst(): readonly TargetId[] {
    const { options, announcer } = this.#parts;
    const [troubled, well]: [TargetId[], TargetId[]] = [[], []];
    for (const { id } of options.targets) (announcer.lastState(id) === 'up' ? well : troubled).push(id);
    return [...troubled, ...well];
  }
}
