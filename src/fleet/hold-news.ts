import { PROBING } from '../ports/index.ts';
import type { HoldPlace } from '../ports/index.ts';
import type { Announcer } from './announcer.ts';
import { showTarget } from './reader.ts';
import type { ShownParts } from './reader.ts';
import type { Scheduler } from './scheduler.ts';

/** A hold began, changed or ended: listeners hear of it, and who waits to probe plans anew. */
export function tellOfHold(
  shown: ShownParts,
  { announcer, scheduler }: { readonly announcer: Announcer; readonly scheduler: Scheduler },
  place: HoldPlace,
): void {
  if (place === PROBING) {
    announcer.emit({ kind: 'probing-changed', pause: shown.holds.pause ?? null });
    scheduler.planAll();
    return;
  }
  for (const target of shown.options.targets.filter((one) => one.place === place)) {
    announcer.emit({ kind: 'hold-changed', target: target.id, view: showTarget(shown, target) });
  }
}
