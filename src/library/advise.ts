import { askFor, planFor } from './core.ts';
import type { LibraryCore } from './core.ts';
import type { LibraryDeployment } from './deployments.ts';

/** Emits `advice` if the caller's own upstream is not routable and another one is. */
export function advise(core: LibraryCore, group: string, used: LibraryDeployment | undefined): void {
  const { router, coordinator, emitter, logger, deployments } = core;
  // While its own upstream is routable the caller's choice is as good as any.
  if (used !== undefined && router.standing(used.key) === 'routable') return;
  const plan = planFor(core, askFor(group, false));
  const step = plan.next();
  if (step.kind !== 'attempt') return;
  plan.ended({ kind: 'neutral', durationMs: 0 });
  const better = deployments.get(step.deployment.id);
  if (better === undefined || better === used) return;
  const why =
    used === undefined ? 'the URL names no upstream of the group' : (coordinator.target(used.target)?.why ?? '');
  emitter.emit('advice', { group, used: used?.id ?? null, better: better.id, why });
  logger.info(`Would have sent a request of ${group} to ${better.id}, not to ${used?.id ?? 'its own URL'}: ${why}`);
}
