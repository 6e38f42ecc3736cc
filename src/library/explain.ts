import type { FleetReader, FleetStatus } from '../ports/index.ts';
import type { LibraryDeployment } from './deployments.ts';
import { givenUpText } from './given-up.ts';
import type { GivenUp } from './given-up.ts';
import { membersOf, namesOf } from './members.ts';
import type { DeploymentState, GroupState } from './states.ts';

/** What lines for a person are made from. */
export interface GroupExplanation {
  readonly fleet: Pick<FleetReader, 'target' | 'status'>;
  /** Upstreams of the group, in the order of their states. */
  readonly deployments: readonly LibraryDeployment[];
  readonly probes: boolean;
  readonly observeOnly: boolean;
  readonly givenUp: Pick<GivenUp, 'run'>;
}

/**
 * Lines for a log or a terminal: the state of each upstream of a group, why, what would change it, where it is, and which fleet
 * this process is in.
 */
export function explainGroup(group: string, state: GroupState, parts: GroupExplanation): string {
  const status = parts.fleet.status();
  const routable = state.deployments.filter((one) => one.routable).length;
  const whose = status.mode === 'fallback' ? ' (this process only; Redis is unavailable)' : '';
  const head = `${group}: ${state.state}${whose}, ${routable} of ${state.deployments.length} upstreams routable`;
  const upstreams = state.deployments.flatMap((one, at) => [
    `  ${line(one, parts)}`,
    ...detailsOf(parts.deployments[at], parts),
  ]);
  const observed = parts.observeOnly ? ['  OBSERVE ONLY: requests are sent as without allswell'] : [];
  return [head, ...observed, ...upstreams, `  ${fleetLine(status)}`].join('\n');
}

function line(one: DeploymentState, { fleet, probes }: GroupExplanation): string {
  const since = one.since === null ? '' : ` since ${new Date(one.since).toISOString()}`;
  const age = one.ageMs === null ? '' : `, evidence ${Math.round(one.ageMs / 1_000)} s old`;
  return `${one.id} ${one.state}${since}${age}: ${one.why}${next(one, fleet, probes)}`;
}

function next({ state, target }: DeploymentState, fleet: Pick<FleetReader, 'target'>, probes: boolean): string {
  if (state === 'up' || state === 'unknown') return '';
  const hold = fleet.target(target)?.hold;
  if (hold !== null && hold !== undefined) return `; an operator decides (${hold.kind})`;
  if (probes) return '; the next probe that passes brings it back';
  return '; a request of the fleet that succeeds there brings it back';
}

/** The id shows if two processes mean the same upstream with the same key. A base URL has neither password nor query. */
function detailsOf(deployment: LibraryDeployment | undefined, { givenUp }: GroupExplanation): readonly string[] {
  if (deployment === undefined) return [];
  const run = givenUp.run(deployment.key);
  return [
    ...(run === undefined ? [] : [`    ${givenUpText(run)}`]),
    `    ${deployment.upstream.baseUrl}, target ${deployment.target}`,
  ];
}

function fleetLine(status: FleetStatus): string {
  const { fleet, mode, storeProblem } = status;
  const members = membersOf(status);
  if (mode === 'independent') return `this process alone: no Redis was given`;
  if (mode === 'fallback') {
    const had = members.length > 1 ? `; its processes, as last seen: ${namesOf(members)}` : '';
    return `without fleet ${fleet}: ${storeProblem ?? 'Redis does not answer'}${had}`;
  }
  if (members.length === 1) return `alone in fleet ${fleet}, as ${namesOf(members)}`;
  return `in fleet ${fleet}, ${members.length} processes: ${namesOf(members)}`;
}
