import type { TargetId } from '../../health/index.ts';
import type { FleetReader, TargetView } from '../../ports/index.ts';
import type { AdminConfig } from '../admin-options.ts';
import { findTarget } from '../find-target.ts';
import type { FoundTarget } from '../find-target.ts';

/**
 * Whether a target or a model group takes traffic, for load balancers and monitors. Best first:
 *
 * - `up`: healthy, or held up by an operator.
 * - `degraded`: rate-limited or slow.
 * - `unknown`: never judged, or not probed at all.
 * - `suspect`: this pod alone saw a failure, and no other confirmed it.
 * - `drained`: taken out of traffic by an operator.
 * - `down`: by the verdict, also where no other pod could confirm it in time.
 *
 * The first four take traffic: missing evidence, or a failure that waits for its confirmation, takes none away. The age of evidence changes nothing. A group
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

/** Answers for one configuration, in a time that does not grow with its size: load balancers ask often. */
export interface UpReader {
  /** A target by its id, a `model_id`, or a name that only one target has. */
  target(word: string): FoundUp;
  /** A model group by its name or an alias. */
  group(name: string): FoundUp;
}

/** False only for `drained` and `down`. */
export function takesTraffic(up: Up): boolean {
  return up !== 'drained' && up !== 'down';
}

export function createUpReader({ fleet, config }: UpSource): UpReader {
  const { aliases } = config.routing;
  const groups = groupsOf(config);
  const words = wordsOf(config);
  const found = new Map<string, FoundTarget>();
  const find = (word: string): FoundTarget => {
    if (!words.has(word)) return { kind: 'none' };
    const known = found.get(word) ?? findTarget(config, word);
    found.set(word, known);
    return known;
  };
  return {
    target: (word) => {
      const one = find(word);
      if (one.kind !== 'one') return { kind: one.kind };
      return { kind: 'found', up: upOfView(fleet.target(one.id)), targets: [one.id] };
    },
    group: (name) => {
      const group = groups.get(Object.hasOwn(aliases, name) ? (aliases[name] ?? '') : name);
      if (group === undefined) return { kind: 'none' };
      const targets = [...group.targets];
      const ups = targets.map((id) => upOfView(fleet.target(id)));
      return { kind: 'found', up: bestOf(group.hasUnprobed ? [...ups, 'unknown'] : ups), targets };
    },
  };
}

interface Group {
  readonly targets: Set<TargetId>;
  hasUnprobed: boolean;
}

function groupsOf({ deployments, unprobed }: UpSource['config']): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  const groupOf = (name: string): Group => {
    const group = groups.get(name) ?? { targets: new Set(), hasUnprobed: false };
    groups.set(name, group);
    return group;
  };
  for (const { modelName, targetId } of deployments) groupOf(modelName).targets.add(targetId);
  for (const { modelName } of unprobed) groupOf(modelName).hasUnprobed = true;
  return groups;
}

/** Every word that can mean a target: others need no search. */
function wordsOf({ targets, deployments }: UpSource['config']): ReadonlySet<string> {
  return new Set([
    ...targets.flatMap(({ id, name }) => [id, name]),
    ...deployments.flatMap(({ modelId, formerModelId, modelName, model }) => [
      modelId,
      formerModelId ?? modelId,
      modelName,
      model,
    ]),
  ]);
}

function bestOf(ups: readonly Up[]): Up {
  return BEST_FIRST.find((up) => ups.includes(up)) ?? (ups.includes('down') ? 'down' : 'drained');
}

const BEST_FIRST: readonly Up[] = ['up', 'degraded', 'unknown', 'suspect'];

/** What the state and the hold of a target make of it. */
export function upOfView(view: TargetView | undefined): Up {
  if (view === undefined) return 'unknown';
  return view.hold?.kind === 'drain' ? 'drained' : view.effective;
}
