import type { Group } from '../groups/group.ts';
import { matchedModel } from '../groups/names.ts';
import type { NamedGroup } from '../groups/names.ts';
import { isTagged } from '../groups/tags.ts';
import type { Attempt, Member } from '../member.ts';
import type { RouterConfig } from '../parts.ts';
import type { AttemptOutcome, RoutedRequest, Standing } from '../types.ts';
import { fallbackNames, routeFrom } from './route.ts';
import type { Fallbacks, Stop } from './route.ts';
import type { Tried } from './tried.ts';

/** A request on its way. */
export interface RequestState {
  readonly request: RoutedRequest;
  readonly config: RouterConfig;
  readonly root: NamedGroup;
  route: readonly Stop[];
  /** `root`: the route has the first stop only; its fallbacks are looked up when they are needed. */
  routeIs: 'root' | 'whole';
  /** Attempts at each stop. */
  readonly counts: number[];
  /** Stop of the last attempt. */
  at: number;
  attempts: number;
  fallbacks: number;
  readonly tried: Tried[];
  current: Attempt | undefined;
  lastMember: Member | undefined;
  /** Standing of the last deployment when it was chosen. */
  standing: Standing;
  last: AttemptOutcome | undefined;
}

/** Begins at the group that was asked for. */
export function newRequest(request: RoutedRequest, root: NamedGroup, config: RouterConfig): RequestState {
  return {
    request,
    config,
    root,
    route: [{ named: root, parent: -1 }],
    routeIs: 'root',
    counts: [0],
    at: 0,
    attempts: 0,
    fallbacks: 0,
    tried: [],
    current: undefined,
    lastMember: undefined,
    standing: 'routable',
    last: undefined,
  };
}

/** The stop at that place of the route; undefined behind its end. */
export function stopAt(state: RequestState, at: number): Stop | undefined {
  if (at > 0 && state.routeIs === 'root') {
    const { names, fallbacks } = state.config;
    state.route = routeFrom([state.root], names, fallbacks, new Set());
    state.routeIs = 'whole';
  }
  return state.route[at];
}

/** From here on the request goes to these fallbacks of the present group, and to no group that it has been at. */
export function rerouteTo(fallbacks: Fallbacks, state: RequestState): void {
  const { config, route, counts, at } = state;
  const here = route[at]?.named ?? state.root;
  const seen = new Set<Group>([here.group]);
  for (const [i, stop] of route.entries()) if ((counts[i] ?? 0) > 0) seen.add(stop.named.group);
  const firsts = fallbackNames(fallbacks, here).flatMap((name) => config.names.find(name) ?? []);
  state.route = routeFrom(firsts, config.names, config.fallbacks, seen);
  state.routeIs = 'whole';
  state.counts.length = 0;
  state.at = -1;
}

/** True for every stop but the group that was asked for. */
export function isFallback({ root }: RequestState, { named }: Stop): boolean {
  return named.group !== root.group;
}

/** False where the caller may not use the stop's group, or that of a stop whose fallback it is. */
export function isOpenTo({ request, route }: RequestState, stop: Stop): boolean {
  for (let one: Stop | undefined = stop; one !== undefined; one = route[one.parent]) {
    if (!mayUse(request, one.named)) return false;
  }
  return true;
}

/** True if the caller may use the name as written, or the group that it leads to. */
export function mayUse(request: RoutedRequest, { name, group }: NamedGroup): boolean {
  return request.mayUse(group.name) || (name !== group.name && request.mayUse(name));
}

/** True if the deployment has the tags and the endpoint that the request needs. */
export function isFitting({ request, config }: RequestState, named: NamedGroup, member: Member): boolean {
  return isTagged(named.group, member, request.tags, config.settings) && isServedBy(request, named, member);
}

/** True if the deployment has the endpoint that the request needs. */
export function isServedBy({ serves }: RoutedRequest, named: NamedGroup, { deployment }: Member): boolean {
  return serves === undefined || serves(deployment.id, matchedModel(named));
}
