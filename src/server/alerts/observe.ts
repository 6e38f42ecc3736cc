import { createHash } from 'node:crypto';
import { LONGEST_LABEL } from '../../alerts/index.ts';
import type { Condition, Inactive, AlertObservation } from '../../alerts/index.ts';
import type { AllswellConfig, ProbeTarget } from '../../config/index.ts';
import type { TargetId } from '../../health/index.ts';
import type { BridgeReader, BridgeStore, FleetReader, TargetView } from '../../ports/index.ts';

export interface ObserveParts {
  readonly fleet: Pick<FleetReader, 'status' | 'target' | 'fleetVerdict'>;
  readonly bridge: Pick<BridgeReader, 'bridge'>;
  /** LiteLLM's keys; null without a shared store. */
  readonly bridgeStore: Pick<BridgeStore, 'readAccess'> | null;
}

/** Reads what alerts are about, for one configuration. */
export interface AlertObserver {
  observe(): Promise<AlertObservation>;
  /** Name for what the configuration has: equal where two have the same groups and targets. */
  readonly view: string;
  /** Names of the targets that this pod itself counts as down, without held ones. */
  down(): readonly string[];
  /** Names of the groups without a routable deployment, as this pod itself counts. */
  unroutable(): readonly string[];
}

interface Group {
  readonly name: string;
  readonly targets: readonly TargetId[];
  /** True if a deployment is not probed, so that the group may be routable whatever the others are. */
  readonly hasUnprobed: boolean;
}

export function createObserver(config: AllswellConfig, parts: ObserveParts): AlertObserver {
  const { fleet } = parts;
  const targets = new Map(config.targets.map((target) => [target.id, target]));
  const groups = groupsOf(config);
  const groupsByName = new Map(groups.map((group) => [group.name, group]));
  const stateOf = (id: TargetId): Inactive | 'active' => targetState(id, parts);
  return {
    view: viewOf(config, groups),
    observe: async () => {
      const { now, pause } = fleet.status();
      const active = config.targets.flatMap((target) =>
        stateOf(target.id) === 'active' ? [targetDown(target, fleet)] : [],
      );
      const budget = budgetSpent(config.targets, fleet);
      const bridge = await bridgeState(parts);
      const conditions = [
        ...groups.flatMap((group) => groupDown(group, targets, parts)),
        ...active,
        ...(budget === undefined ? [] : [budget]),
        ...(bridge === 'clear' || bridge === 'unknown' ? [] : [bridge]),
      ];
      return {
        now,
        paused: pause !== null,
        active: conditions,
        inactive: (key) => {
          if (key === BRIDGE) return bridge === 'unknown' ? 'unknown' : 'clear';
          if (key === BUDGET) return 'clear';
          const [, kind, name = ''] = /^(target|group):(.*)$/s.exec(key) ?? [];
          if (kind === 'group') return groupState(groupsByName.get(name), parts);
          const state = targets.has(name) ? stateOf(name) : 'gone';
          return state === 'active' ? 'unknown' : state;
        },
      };
    },
    unroutable: () => {
      const isDown = (id: TargetId): boolean => fleet.target(id)?.state === 'down' && fleet.target(id)?.hold === null;
      return groups
        .filter(({ targets: ids, hasUnprobed }) => !hasUnprobed && ids.some((id) => isDown(id)))
        .filter(({ targets: ids }) => ids.every((id) => isDown(id) || isDrained(fleet.target(id))))
        .map(({ name }) => name);
    },
    down: () =>
      config.targets.flatMap(({ id, name }) => {
        const view = fleet.target(id);
        return view?.state === 'down' && view.hold === null ? [name] : [];
      }),
  };
}

/**
 * By the evidence of the fleet: that only this pod fails is no outage. `suspect` neither opens nor ends an incident: so is the
 * verdict of an outage that goes on, when a pod that observed it leaves.
 */
function targetState(id: TargetId, { fleet }: ObserveParts): Inactive | 'active' {
  const view = fleet.target(id);
  const verdict = fleet.fleetVerdict(id);
  if (view === undefined || verdict === undefined) return 'unknown';
  if (view.hold !== null) return 'quiet';
  if (verdict.state === 'down') return 'active';
  return verdict.state === 'unknown' || verdict.state === 'suspect' ? 'unknown' : 'clear';
}

function targetDown(target: ProbeTarget, fleet: ObserveParts['fleet']): Condition {
  const verdict = fleet.fleetVerdict(target.id);
  return {
    key: `target:${target.id}`,
    kind: 'target-down',
    place: placeOf(target),
    label: target.name.slice(0, LONGEST_LABEL),
    since: verdict?.since ?? null,
    why: (verdict?.why ?? '').slice(0, LONGEST_LABEL),
  };
}

function placeOf({ provider, host }: ProbeTarget): string {
  return `${provider} (${host})`.slice(0, LONGEST_LABEL);
}

/**
 * A group none of whose deployments takes traffic, and at least one of which is down: one that an operator drained as a
 * whole is no outage. It belongs to the place that went down last.
 */
function groupDown(
  group: Group,
  targets: ReadonlyMap<TargetId, ProbeTarget>,
  parts: ObserveParts,
): readonly Condition[] {
  const { name, targets: ids, hasUnprobed } = group;
  const down = ids.filter((id) => targetState(id, parts) === 'active');
  if (hasUnprobed || down.length === 0 || !isUnroutable(group, parts)) return [];
  const dated = down.map((id) => ({ id, since: parts.fleet.fleetVerdict(id)?.since ?? 0 }));
  const last = dated.toSorted((a, b) => b.since - a.since)[0];
  const target = last === undefined ? undefined : targets.get(last.id);
  if (last === undefined || target === undefined) return [];
  const drained = ids.length - down.length;
  const why = `${down.length} of ${ids.length} upstreams down${drained > 0 ? `, ${drained} drained` : ''}`;
  return [
    {
      key: `group:${name}`,
      kind: 'group-down',
      place: placeOf(target),
      label: name.slice(0, LONGEST_LABEL),
      since: last.since === 0 ? null : last.since,
      why,
    },
  ];
}

function isDrained(view: TargetView | undefined): boolean {
  return view?.hold?.kind === 'drain';
}

/** State of a group that is not among the conditions: it is not down, or there are too many conditions. */
function groupState(group: Group | undefined, parts: ObserveParts): Inactive {
  if (group === undefined) return 'gone';
  const states = group.targets.map((id) => targetState(id, parts));
  if (group.hasUnprobed || states.includes('clear')) return 'clear';
  if (states.includes('unknown')) return 'unknown';
  return states.includes('active') && isUnroutable(group, parts) ? 'unknown' : 'quiet';
}

/** True if each deployment is down or drained. */
function isUnroutable({ targets }: Group, parts: ObserveParts): boolean {
  return targets.every((id) => targetState(id, parts) === 'active' || isDrained(parts.fleet.target(id)));
}

function groupsOf({ deployments, unprobed, targets }: AllswellConfig): readonly Group[] {
  const probed = new Set(targets.filter(({ background }) => background).map(({ id }) => id));
  const byName = Map.groupBy(deployments, ({ modelName }) => modelName);
  const others = new Set(unprobed.map(({ modelName }) => modelName));
  return [...byName].map(([name, own]) => ({
    name,
    targets: [...new Set(own.map(({ targetId }) => targetId))],
    hasUnprobed: others.has(name) || own.some(({ targetId }) => !probed.has(targetId)),
  }));
}

function viewOf({ targets }: AllswellConfig, groups: readonly Group[]): string {
  const listed = [
    targets.map((target) => [target.id, target.name, placeOf(target)].join(' ')).toSorted(),
    groups.map(({ name, targets: ids, hasUnprobed }) => [name, hasUnprobed, ...ids.toSorted()].join(' ')).toSorted(),
  ];
  return createHash('sha256').update(JSON.stringify(listed)).digest('hex').slice(0, 16);
}

const BUDGET = 'budget';

function budgetSpent(targets: readonly ProbeTarget[], fleet: ObserveParts['fleet']): Condition | undefined {
  const spent = targets.filter(({ id }) => fleet.target(id)?.flags.includes('budget-spent') === true);
  const [first] = spent;
  if (first === undefined) return undefined;
  const more = spent.length - 1;
  const names = `${first.name}${more > 0 ? ` and ${more} more` : ''}`;
  const label = 'Probe budget spent: unbilled checks replace paid probes';
  return { key: BUDGET, kind: 'budget-spent', place: 'budget', label, since: null, why: names.slice(0, LONGEST_LABEL) };
}

const BRIDGE = 'bridge';

/**
 * True statements only: a pod on standby does not know whether the holder publishes, so it looks whether there are results. They
 * may also be LiteLLM's own.
 */
async function bridgeState({ bridge, bridgeStore }: ObserveParts): Promise<Condition | 'clear' | 'unknown'> {
  const { state, why } = bridge.bridge();
  if (state === 'publishing') return 'clear';
  // Another pod may have a bridge where this one has none.
  if (state === 'off' || state === 'unreachable') return 'unknown';
  const condition = (reason: string): Condition => ({
    key: BRIDGE,
    kind: 'bridge-not-publishing',
    place: 'LiteLLM bridge',
    label: 'LiteLLM bridge: no pod publishes results',
    since: null,
    why: reason.slice(0, LONGEST_LABEL),
  });
  if (state === 'withheld') return condition(why ?? 'results are withheld');
  const access = await bridgeStore?.readAccess();
  if (access?.kind !== 'ok') return 'unknown';
  return access.value.lifeMs === null ? condition('there are no results in Redis') : 'clear';
}
