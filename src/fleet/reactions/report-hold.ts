import { PROBING } from '../../ports/index.ts';
import type { HoldKey } from '../../ports/index.ts';
import type { Announcer, ShownParts } from '../reporting/index.ts';
import { showTarget } from '../reporting/index.ts';
import type { Scheduler } from '../probing/index.ts';

/** What news of a hold goes through. */
export interface ReportHoldParts extends ShownParts {
  readonly announcer: Announcer;
  readonly scheduler: Scheduler;
}

/** A hold began, changed or ended: listeners hear of it, and who waits to probe plans anew. */
export function reportHold(parts: ReportHoldParts, key: HoldKey): void {
  const { options, holds, announcer, scheduler } = parts;
  if (key === PROBING) {
    announcer.emit({ kind: 'probing-changed', pause: holds.pause ?? null });
    scheduler.planAll();
    return;
  }
  for (const target of options.targets.filter((one) => one.holdKey === key)) {
    announcer.emit({ kind: 'hold-changed', target: target.id, view: showTarget(parts, target) });
  }
}
