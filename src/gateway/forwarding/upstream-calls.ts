import type { Deployment, RequestCall } from '../../config/index.ts';
import { requestEndpointOf } from '../../providers/index.ts';
import type { Login, RequestApi, RequestEndpoint } from '../../providers/index.ts';
import type { ClientWire } from './errors.ts';

/** Everything about a call to one deployment that does not depend on the request. Secrets are in here. */
export interface UpstreamCall {
  readonly origin: string;
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** The model's name there; `*` stands for what the wildcard of the model group matched. */
  readonly model: string;
  readonly extraBody?: Readonly<Record<string, unknown>>;
  readonly login?: Login;
  /** Format of the upstream. Bodies pass untouched where it is the client's. */
  readonly format: RequestEndpoint['format'];
}

/** A deployment with its calls, made when the first request needs them. */
export interface CallableDeployment {
  readonly deployment: Deployment;
  readonly call: RequestCall;
  /** Undefined where the upstream has no such endpoint. */
  callFor(api: RequestApi): UpstreamCall | undefined;
}

/** The deployments that requests can call, by their ids. */
export function callableDeployments(
  deployments: readonly Deployment[],
  userAgent: string,
): ReadonlyMap<string, CallableDeployment> {
  return new Map(
    deployments.flatMap((deployment) => {
      const { call } = deployment;
      if (call.kind !== 'callable') return [];
      const made = new Map<RequestApi, UpstreamCall | undefined>();
      const callFor = (api: RequestApi): UpstreamCall | undefined => {
        if (!made.has(api)) made.set(api, upstreamCallOf(call, { api, userAgent }));
        return made.get(api);
      };
      return [[deployment.modelId, { deployment, call, callFor }] as const];
    }),
  );
}

/** The format of the bodies that a client of this wire sends and reads. */
export function formatOf(wire: ClientWire): RequestEndpoint['format'] {
  return wire === 'anthropic' ? 'anthropic' : 'openai';
}

function upstreamCallOf(
  call: RequestCall,
  { api, userAgent }: { api: RequestApi; userAgent: string },
): UpstreamCall | undefined {
  const endpoint = requestEndpointOf(call, api);
  if (endpoint === undefined) return undefined;
  const { url, headers, format, model } = endpoint;
  return {
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    headers: Object.entries({ 'user-agent': userAgent, ...headers }).flat(),
    model,
    format,
    ...(call.extraBody !== undefined && { extraBody: call.extraBody }),
    ...(call.login !== undefined && { login: call.login }),
  };
}
