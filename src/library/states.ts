import type { State } from '../health/index.ts';
import type { FleetMode, FleetReader, TargetView } from '../ports/index.ts';
import type { Router } from '../routing/index.ts';
import type { LibraryDeployment } from './deployments.ts';

/** State of one upstream of a group. */
export interface DeploymentState {
  /** Name within the group, such as `openai/gpt-4o`. */
  readonly id: string;
  /** As in the records of the fleet. */
  readonly target: string;
  /** The verdict of the fleet, of this process alone without Redis; `down` while an operator drains it, `up` while held up. */
  readonly state: State;
  /** Epoch ms of the last change of state; null while unknown. */
  readonly since: number | null;
  /** Age of the newest evidence, ms; null without any. */
  readonly ageMs: number | null;
  /** True if the evidence is so old that the state may no longer hold. */
  readonly stale: boolean;
  /** One line. */
  readonly why: string;
  /** True if requests go there first: it is not down, suspect, drained or rate-limited, and this process does not avoid it. */
  readonly routable: boolean;
}

/** State of a group: that of its best upstream. */
export interface GroupState extends Omit<DeploymentState, 'id' | 'target'> {
  readonly deployments: readonly DeploymentState[];
}

/** What states are read from. */
export type StateReader = Pick<FleetReader, 'target' | 'status'>;

/** Best first. */
const ORDER: readonly State[] = ['up', 'degraded', 'unknown', 'suspect', 'down'];

/** Reads the states of groups from memory. */
export function groupState(
  deployments: readonly LibraryDeployment[],
  { fleet, router }: { readonly fleet: StateReader; readonly router: Pick<Router, 'standing'> },
): GroupState {
  const { mode } = fleet.status();
  const states = deployments.map((one) => deploymentState(one, fleet.target(one.target), { router, mode }));
  const [best] = states.toSorted((a, b) => rank(a) - rank(b));
  if (best === undefined) throw new Error('a group has no upstreams');
  const { id: _id, target: _target, ...state } = best;
  return { ...state, deployments: states };
}

function rank({ state, routable }: DeploymentState): number {
  return ORDER.indexOf(state) + (routable ? 0 : ORDER.length);
}

/** State of one upstream; the verdict `view` is undefined for a target that is not known. */
export function deploymentState(
  { id, key, target }: LibraryDeployment,
  view: TargetView | undefined,
  { router, mode }: { readonly router: Pick<Router, 'standing'>; readonly mode: FleetMode },
): DeploymentState {
  const standing = router.standing(key);
  const routable = standing === 'routable';
  const common = { id, target, routable };
  if (view === undefined) return { ...common, ...NOTHING_KNOWN };
  const { effective: state, since, ageMs, stale, why } = view;
  const avoided = !routable && (state === 'up' || state === 'degraded' || state === 'unknown');
  return {
    ...common,
    state,
    since: since === null ? null : since / 1_000,
    ageMs,
    stale,
    why: avoided ? `${standing === 'rate-limited' ? WAITS : FAILS}; ${EVIDENCE_OF[mode]}: ${why}` : why,
  };
}

const FAILS = 'requests of this process fail';
const WAITS = 'it asked this process to wait (Retry-After)';

/** Where a verdict comes from. */
const EVIDENCE_OF: Readonly<Record<FleetMode, string>> = {
  shared: 'verdict of the fleet',
  fallback: 'verdict of this process, without Redis',
  independent: 'verdict of this process',
};

const NOTHING_KNOWN = { state: 'unknown', since: null, ageMs: null, stale: false, why: 'no evidence yet' } as const;

/** A process that has left the fleet hears nothing more of it. */
export function leftState({ deployments, ...state }: GroupState): GroupState {
  const left = { stale: true, why: 'this process has left the fleet' } as const;
  return { ...state, ...left, deployments: deployments.map((one) => ({ ...one, ...left })) };
}
