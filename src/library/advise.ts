import { askFor, planFor } from './core.ts';
import type { LibraryCore } from './core.ts';
import type { LibraryDeployment } from './deployments.ts';
import { deploymentState } from './states.ts';

/** Each request may have advice, so a group and upstream has one line in this time. */
const LINE_EVERY_MS = 60_000;

/** Emits `advice` if the caller's own upstream is not routable and another one is. */
export function advise(core: LibraryCore, group: string, used: LibraryDeployment | undefined): void {
  const { router, emitter, deployments } = core;
  // While its own upstream is routable the caller's choice is as good as any.
  if (used !== undefined && router.standing(used.key) === 'routable') return;
  const plan = planFor(core, askFor(group, false));
  const step = plan.next();
  if (step.kind !== 'attempt') return;
  plan.ended({ kind: 'neutral', durationMs: 0 });
  const better = deployments.get(step.deployment.id);
  if (better === undefined || better === used || step.why === 'panic') return;
  const why = used === undefined ? 'the URL names no upstream of the group' : reasonOf(core, used);
  emitter.emit('advice', { group, used: used?.id ?? null, better: better.id, why });
  note(core, { group, used: used?.id ?? 'its own URL', better: better.id, why });
}

/** The verdict, or that requests of this process fail. */
function reasonOf({ coordinator, router }: LibraryCore, used: LibraryDeployment): string {
  return deploymentState(used, coordinator.target(used.target), { router, mode: coordinator.status().mode }).why;
}

interface Advice {
  readonly group: string;
  readonly used: string;
  readonly better: string;
  readonly why: string;
}

function note({ adviceLines, clock, logger }: LibraryCore, { group, used, better, why }: Advice): void {
  const key = `${group} ${used}`;
  const nowMs = clock.monotonicMs();
  const { atMs = -Infinity, left = 0 } = adviceLines.get(key) ?? {};
  if (nowMs - atMs < LINE_EVERY_MS) return void adviceLines.set(key, { atMs, left: left + 1 });
  adviceLines.set(key, { atMs: nowMs, left: 0 });
  const more = left === 0 ? '' : `; ${left} more since the last such line`;
  logger.info(`Would have sent a request of ${group} to ${better}, not to ${used} (observe only): ${why}${more}`);
}
