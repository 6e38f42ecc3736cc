import type { FleetTarget } from '../fleet/index.ts';
import type { TargetId } from '../health/index.ts';
import type { HoldKey } from '../ports/index.ts';
import { holdKeyOf, pathUrlOf, requestHeadersOf, targetIdOf, vendorModel, vendorOf } from '../providers/index.ts';
import type { Reachable } from '../providers/index.ts';
import type { RoutedDeployment } from '../routing/index.ts';
import { shownValue } from './shown-value.ts';
import type { LibraryUpstream } from './upstreams.ts';

/** An upstream as a member of a group. */
export interface LibraryDeployment {
  /** Unique in the process: group and upstream. */
  readonly key: string;
  readonly group: string;
  /** Name in reports, unique in the group. */
  readonly id: string;
  readonly upstream: LibraryUpstream;
  readonly target: TargetId;
  readonly holdKey: HoldKey;
  readonly host: string;
  /** Scheme, host and port. */
  readonly origin: string;
  readonly call: Reachable;
  /** The model's name in bodies; undefined: clients write it themselves, as the name of the group. */
  readonly bodyModel: string | undefined;
  /** Headers that replace the caller's. Secrets are in here. */
  readonly headers: Readonly<Record<string, string>>;
  /** The URL for the end of a path. */
  urlOf(path: string): string;
}

/**
 * The deployments of all groups in their order. Targets have the same ids as in a gateway whose configuration names the same
 * upstreams with the same keys.
 *
 * @throws TypeError if a group is empty or has two upstreams of one name
 */
export function deploymentsOf(
  groups: Readonly<Record<string, readonly LibraryUpstream[]>>,
  identityKey: string,
): readonly LibraryDeployment[] {
  return Object.entries(groups).flatMap(([group, upstreams]) => {
    if (upstreams.length === 0) throw new TypeError(`group "${group}" has no upstreams`);
    const deployments = upstreams.map((upstream) => deploymentOf(group, upstream, identityKey));
    checkChoice(group, upstreams);
    const names = new Set(deployments.map(({ id }) => id));
    if (names.size < deployments.length) {
      throw new TypeError(
        `group "${group}" has upstreams of the same name (${[...names].join(', ')}): give each an id`,
      );
    }
    const apis = new Set(
      upstreams.map(({ kind, wire }) => (kind === 'http' || wire === 'anthropic' ? wire : 'openai')),
    );
    if (apis.size > 1) {
      throw new TypeError(`group "${group}" has upstreams of different APIs, and bodies are not translated`);
    }
    return deployments;
  });
}

/** @throws TypeError for a weight or order that cannot be used, and for a group of which some upstreams have an order */
function checkChoice(group: string, upstreams: readonly LibraryUpstream[]): void {
  for (const { weight, order } of upstreams as readonly { readonly weight?: unknown; readonly order?: unknown }[]) {
    if (weight !== undefined && !(typeof weight === 'number' && weight >= 0 && weight < Infinity)) {
      throw new TypeError(`group "${group}" has an upstream of weight ${shownValue(weight)}: use a number, 0 or more`);
    }
    if (order !== undefined && !(typeof order === 'number' && Number.isFinite(order))) {
      throw new TypeError(`group "${group}" has an upstream of order ${shownValue(order)}: use a number`);
    }
  }
  const ordered = upstreams.filter(({ order }) => order !== undefined).length;
  if (ordered > 0 && ordered < upstreams.length) {
    throw new TypeError(
      `group "${group}" has upstreams with and without an order: give one to each, the first to be used the lowest`,
    );
  }
}

/** The API that a group speaks: a request is sent to any of its upstreams as it is. */
function apiOf({ kind, wire }: LibraryUpstream): string {
  return kind === 'http' ? 'http' : wire === 'anthropic' ? 'anthropic' : 'openai';
}

/**
 * Checks which groups stand in for others.
 *
 * @throws TypeError for one that does not exist, or has another API
 */
export function checkFallbacks(
  groups: Readonly<Record<string, readonly LibraryUpstream[]>>,
  fallbacks: Readonly<Record<string, readonly string[]>>,
): void {
  const api = (group: string): string => {
    const [first] = groups[group] ?? [];
    if (first === undefined) throw new TypeError(`routing.fallbacks: there is no group "${group}"`);
    return apiOf(first);
  };
  for (const [group, others] of Object.entries(fallbacks)) {
    for (const other of others) {
      if (api(other) === api(group)) continue;
      throw new TypeError(
        `routing.fallbacks: "${other}" has another API than "${group}", and bodies are not translated`,
      );
    }
  }
}

function deploymentOf(group: string, upstream: LibraryUpstream, identityKey: string): LibraryDeployment {
  const { kind, provider, wire, baseUrl, apiKey, apiVersion, organization, headers, id } = upstream;
  const mode = upstream.mode ?? (kind === 'http' ? 'http' : 'chat');
  const upstreamModel = kind === 'http' ? '' : vendorModel(upstream.model ?? group, vendorOf(provider));
  const call: Reachable = {
    provider,
    wire,
    apiBase: baseUrl,
    upstreamModel,
    ...(apiKey !== undefined && { apiKey }),
    ...(apiVersion !== undefined && { apiVersion }),
    ...(organization !== undefined && { organization }),
    ...(headers !== undefined && { headers }),
  };
  const identity = { provider, upstreamModel, apiBase: baseUrl, region: undefined, mode };
  const { host, origin } = new URL(baseUrl);
  const name = id ?? (kind === 'http' ? host : `${provider}/${upstreamModel}`);
  return {
    key: `${group} ${name}`,
    group,
    id: name,
    upstream,
    target: targetIdOf({ ...identity, credential: { apiKey, organization, headers } }, identityKey),
    holdKey: holdKeyOf(identity),
    host,
    origin,
    call,
    bodyModel: kind === 'llm' && (upstream.model !== undefined || upstreamModel !== group) ? upstreamModel : undefined,
    headers: kind === 'http' ? lowerCased(headers) : ownHeadersOf(call),
    urlOf: (path) => (kind === 'http' ? `${baseUrl}${path}` : pathUrlOf(call, path)),
  };
}

/** Without a key of its own, the caller's credentials go on. */
function ownHeadersOf(call: Reachable): Readonly<Record<string, string>> {
  return call.apiKey === undefined ? lowerCased(call.headers) : requestHeadersOf(call, 'chat');
}

function lowerCased(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** As routing sees it. */
export function routedOf({ key, group, target, upstream: { weight, order } }: LibraryDeployment): RoutedDeployment {
  return {
    id: key,
    group,
    target,
    tags: [],
    ...(weight !== undefined && { weight }),
    ...(order !== undefined && { order }),
  };
}

/** How often a target is probed, and at which level. */
export interface TargetPace {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Undefined: requests of users are the only evidence. */
  readonly level: FleetTarget['level'] | undefined;
}

/** The coordinator's targets: one for all deployments of one upstream. */
export function fleetTargetsOf(
  deployments: readonly LibraryDeployment[],
  { intervalMs, timeoutMs, level }: TargetPace,
): readonly FleetTarget[] {
  const targets = new Map<TargetId, FleetTarget>();
  for (const { target, holdKey, id, host, upstream } of deployments) {
    const known = targets.get(target);
    targets.set(target, {
      id: target,
      holdKey,
      name: known?.name ?? id,
      // A plain HTTP API is probed by a connection only.
      level: level === undefined ? 'inference' : upstream.kind === 'http' ? 'connect' : level,
      intervalMs,
      timeoutMs,
      upstreamHost: host,
      background: level !== undefined,
      deployments: (known?.deployments ?? 0) + 1,
    });
  }
  return [...targets.values()];
}
