import type { StoreTime, TargetId } from '../../health/index.ts';
import type { RoutedHealth, RoutingView } from '../../ports/index.ts';
import type { ViewMessage } from './messages.ts';

/** A worker's copy of the health that its primary process knows. */
export interface MirroredView extends RoutingView {
  apply(message: ViewMessage): void;
}

/** Starts empty. `machineMs` is the clock of the machine, which the primary process reads, too. */
export function createMirroredView(machineMs: () => number): MirroredView {
  const known = new Map<TargetId, RoutedHealth>();
  let base: { readonly now: StoreTime; readonly machineMs: number } = { now: 0, machineMs: 0 };
  return {
    health: (target) => known.get(target),
    now: () => base.now + Math.round((machineMs() - base.machineMs) * 1_000),
    apply: (message) => {
      base = message;
      for (const [target, health] of message.changes) {
        if (health === undefined) known.delete(target);
        else known.set(target, health);
      }
    },
  };
}
