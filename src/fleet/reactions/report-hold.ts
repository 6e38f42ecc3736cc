import { COOLDOWNS, PROBING } from '../../ports/index.ts';
import type { HoldKey } from '../../ports/index.ts';
import type { Announcer, ShownParts } from '../reporting/index.ts';
import { showTarget } from '../reporting/index.ts';
import type { Scheduler } from '../probing/index.ts';

/** Parts that react to a changed hold. */
export interface ReportHoldParts extends ShownParts {
  readonly announcer: Announcer;
  readonly scheduler: Scheduler;
}

/** A hold began, changed or ended: notifies listeners, and plans all targets again if probing was paused or resumed. */
export function reportHold(parts: ReportHoldParts, key: HoldKey): void {
  const { options, holds, announcer, scheduler } = parts;
  if (key === PROBING) {
    announcer.emit({ kind: 'probing-changed', pause: holds.pause ?? null });
    scheduler.planAll();
    return;
  }
  if (key === COOLDOWNS) {
    announcer.emit({ kind: 'cooldowns-changed', restriction: holds.cooldowns ?? null });
    return;
  }
  for (const target of options.targets.filter((one) => one.holdKey === key)) {
    announcer.emit({ kind: 'hold-changed', target: target.id, view: showTarget(parts, target) });
  }
}
