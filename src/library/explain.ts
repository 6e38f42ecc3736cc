import type { FleetReader } from '../ports/index.ts';
import type { LibraryDeployment } from './deployments.ts';
import type { DeploymentState, GroupState } from './states.ts';

/** Lines for a log or a terminal: the state of each upstream of a group, why, and what would change it. */
export function explainGroup(
  group: string,
  state: GroupState,
  parts: { readonly fleet: FleetReader; readonly deployments: readonly LibraryDeployment[]; readonly probes: boolean },
): string {
  const routable = state.deployments.filter((one) => one.routable).length;
  const whose = parts.fleet.status().mode === 'fallback' ? ' (this process only; Redis is unavailable)' : '';
  const head = `${group}: ${state.state}${whose}, ${routable} of ${state.deployments.length} upstreams routable`;
  return [head, ...state.deployments.map((one) => `  ${line(one, parts)}`)].join('\n');
}

function line(
  one: DeploymentState,
  { fleet, probes }: { readonly fleet: FleetReader; readonly probes: boolean },
): string {
  const since = one.since === null ? '' : ` since ${new Date(one.since).toISOString()}`;
  const age = one.ageMs === null ? '' : `, evidence ${Math.round(one.ageMs / 1_000)} s old`;
  return `${one.id} ${one.state}${since}${age}: ${one.why}${next(one, fleet, probes)}`;
}

function next({ state, target }: DeploymentState, fleet: FleetReader, probes: boolean): string {
  if (state === 'up' || state === 'unknown') return '';
  const hold = fleet.target(target)?.hold;
  if (hold !== null && hold !== undefined) return `; an operator decides (${hold.kind})`;
  if (probes) return '; the next probe that passes brings it back';
  return '; a request of the fleet that succeeds there brings it back';
}
