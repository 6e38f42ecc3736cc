import type { FleetTargetBody } from '../../src/api/index.ts';
import { badness, isRoutable, shownState } from './states.ts';
import type { Shown } from './states.ts';

/** A model group and the targets of its deployments, the worst first. */
export interface Group {
  readonly name: string;
  /** That of its best deployment, as load balancers see the group. */
  readonly state: Shown;
  readonly routable: number;
  readonly targets: readonly FleetTargetBody[];
}

/** Groups to show, and what is folded away. */
export interface Folded {
  readonly shown: readonly Group[];
  readonly hiddenGroups: number;
  readonly hiddenTargets: number;
}

const byName = new Intl.Collator('en', { numeric: true }).compare;
const stateOf = (target: FleetTargetBody): Shown => shownState(target);

/** The groups of a fleet: first those without a routable deployment, then those with the worst targets, then by name. */
export function groupsOf(targets: readonly FleetTargetBody[]): readonly Group[] {
  const members = new Map<string, FleetTargetBody[]>();
  for (const target of targets) {
    const names = new Set(target.deployments.map(({ model_name: name }) => name));
    for (const name of names) {
      const known = members.get(name);
      if (known === undefined) members.set(name, [target]);
      else known.push(target);
    }
  }
  return [...members].map(([name, all]) => groupOf(name, all)).toSorted(worstFirst);
}

function groupOf(name: string, members: readonly FleetTargetBody[]): Group {
  const targets = members.toSorted(
    (a, b) => badness(stateOf(a)) - badness(stateOf(b)) || byName(labelOf(a), labelOf(b)),
  );
  const routable = targets.filter((target) => isRoutable(stateOf(target)));
  const best = (routable.length > 0 ? routable : targets).reduce<Shown>(
    (state, target) => bestOf(state, stateOf(target)),
    'drained',
  );
  return { name, state: best, routable: routable.length, targets };
}

/** As the endpoint of load balancers orders states. Held up counts as up. */
const best: readonly Shown[] = ['up', 'held-up', 'degraded', 'unknown', 'suspect', 'down', 'drained'];

function bestOf(a: Shown, b: Shown): Shown {
  return best.indexOf(a) <= best.indexOf(b) ? a : b;
}

function worstFirst(a: Group, b: Group): number {
  const worst = ({ targets: [first] }: Group): number => (first === undefined ? 0 : badness(stateOf(first)));
  return Number(a.routable > 0) - Number(b.routable > 0) || worst(a) - worst(b) || byName(a.name, b.name);
}

/** Name of a target for people: its model, or its id if the pod hides the model. */
export function labelOf({ model, target }: Pick<FleetTargetBody, 'model' | 'target'>): string {
  return model ?? target;
}

/** True if every deployment is up. */
export function isHealthy({ targets }: Group): boolean {
  return targets.every((target) => stateOf(target) === 'up' && !target.stale);
}

/** Shows all groups that need attention, and healthy ones until about `limit` targets are shown. */
export function fold(groups: readonly Group[], limit: number): Folded {
  let left = limit;
  const shown = groups.filter((group) => {
    if (isHealthy(group) && left < group.targets.length) return false;
    left -= group.targets.length;
    return true;
  });
  const kept = new Set(shown);
  const hidden = groups.filter((group) => !kept.has(group));
  return {
    shown,
    hiddenGroups: hidden.length,
    hiddenTargets: hidden.reduce((sum, { targets }) => sum + targets.length, 0),
  };
}

/** Groups with the targets that contain every word of a text; a group whose own name does keeps all of them. */
export function filterGroups(groups: readonly Group[], text: string): readonly Group[] {
  const wanted = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (wanted.length === 0) return groups;
  const fits = (words: string): boolean => wanted.every((word) => words.includes(word));
  return groups.flatMap((group) => {
    const name = group.name.toLowerCase();
    const targets = group.targets.filter((target) => fits(`${name} ${textOf(target)}`));
    return targets.length === 0 ? [] : [{ ...group, targets }];
  });
}

function textOf(target: FleetTargetBody): string {
  const { model, upstream_host: host, region, flags } = target;
  const ids = target.deployments.map(({ model_id: id }) => id);
  return [model, host, region, target.target, stateOf(target).replace('-', ' '), ...flags, ...ids]
    .join(' ')
    .toLowerCase();
}
