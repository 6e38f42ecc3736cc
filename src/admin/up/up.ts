import type { TargetId } from '../../health/index.ts';
import type { FleetReader, TargetView } from '../../ports/index.ts';
import type { AdminConfig } from '../admin-options.ts';
import { findTarget } from '../find-target.ts';

/**
 * Whether a target or a model group takes traffic, for load balancers and monitors. Best first:
 *
 * - `up`: healthy, or held up by an operator.
 * - `degraded`: rate-limited or slow.
 * - `unknown`: never judged, or not probed at all.
 * - `suspect`: this pod alone saw a failure, and no other confirmed it.
 * - `drained`: taken out of traffic by an operator.
 * - `down`: confirmed.
 *
 * The first four take traffic: missing or unconfirmed evidence takes none away. The age of evidence changes nothing. A group
 * is the best of its deployments; one whose deployments are all `drained` or `down` is `drained` only if all are. Local
 * ejections of one pod do not count.
 */
export type Up = 'up' | 'degraded' | 'unknown' | 'suspect' | 'drained' | 'down';

/** The answer for a name. `several`: more than one target has it. */
export type FoundUp =
  | { readonly kind: 'found'; readonly up: Up; readonly targets: readonly TargetId[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'several' };

/** What is read from memory. */
export interface UpSource {
  readonly fleet: Pick<FleetReader, 'target'>;
  readonly config: Pick<AdminConfig, 'targets' | 'deployments' | 'unprobed' | 'routing'>;
}

/** False only for `drained` and `down`. */
export function takesTraffic(up: Up): boolean {
  return up !== 'drained' && up !== 'down';
}

/** A target by its id, a `model_id`, or a name that only one target has. */
export function upOfTarget({ fleet, config }: UpSource, word: string): FoundUp {
  const found = findTarget(config, word);
  return found.kind === 'one'
    ? { kind: 'found', up: upOfView(fleet.target(found.id)), targets: [found.id] }
    : { kind: found.kind };
}

/** A model group by its name or an alias. */
export function upOfGroup({ fleet, config }: UpSource, name: string): FoundUp {
  const { aliases } = config.routing;
  const group = Object.hasOwn(aliases, name) ? aliases[name] : name;
  const targets = config.deployments.filter(({ modelName }) => modelName === group).map(({ targetId }) => targetId);
  const unprobed = config.unprobed.filter(({ modelName }) => modelName === group);
  const ups: Up[] = [...targets.map((id) => upOfView(fleet.target(id))), ...unprobed.map(() => 'unknown' as const)];
  if (ups.length === 0) return { kind: 'none' };
  const best = BEST_FIRST.find((up) => ups.includes(up));
  const up = best ?? (ups.includes('down') ? 'down' : 'drained');
  return { kind: 'found', up, targets: [...new Set(targets)] };
}

const BEST_FIRST: readonly Up[] = ['up', 'degraded', 'unknown', 'suspect'];

/** What the state and the hold of a target make of it. */
export function upOfView(view: TargetView | undefined): Up {
  if (view === undefined) return 'unknown';
  return view.hold?.kind === 'drain' ? 'drained' : view.effective;
}
