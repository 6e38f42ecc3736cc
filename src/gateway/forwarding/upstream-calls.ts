import { callFor } from '../../config/index.ts';
import type { Deployment, RequestCall } from '../../config/index.ts';
import { requestEndpointOf } from '../../providers/index.ts';
import { createRedactor } from '../../redaction/index.ts';
import type { Redact } from '../../redaction/index.ts';
import type { ClaudeBody, Login, RequestApi, RequestEndpoint } from '../../providers/index.ts';

/** Everything about a call to one deployment that does not depend on the request. Secrets are in here. */
export interface PreparedCall {
  readonly origin: string;
  readonly path: string;
  /** Of a request for a stream, if not `path`. */
  readonly streamPath?: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** The model's name there. */
  readonly model: string;
  /** Present where the model is in the path, and not in the body. */
  readonly claude?: ClaudeBody;
  readonly extraBody?: Readonly<Record<string, unknown>>;
  readonly login?: Login;
  /** Format of the upstream. Bodies pass untouched where it is the client's. */
  readonly format: RequestEndpoint['format'];
  readonly limitName: 'max_tokens' | 'max_completion_tokens';
}

/** A deployment with its calls, made when the first request needs them. */
export interface DeploymentCalls {
  readonly deployment: Deployment;
  readonly apiBase: string;
  /** `request`: the caller names the upstream's model, by a wildcard. */
  readonly modelFrom: 'deployment' | 'request';
  /** Removes what the upstream was sent beside the secrets of the configuration, and may repeat in an error. */
  readonly redact: Redact;
  /**
   * Undefined where the upstream has no such endpoint. `requested`: the name that a wildcard group matched; undefined for
   * any other group.
   */
  callFor(api: RequestApi, requested: string | undefined): PreparedCall | undefined;
}

/** Calls of wildcards that are kept, for each deployment. */
const MAX_KEPT = 1_000;

/** The deployments that requests can call, by their ids for routing. */
export function callableDeployments(
  deployments: ReadonlyMap<string, Deployment & { readonly call: RequestCall }>,
  userAgent: string,
): ReadonlyMap<string, DeploymentCalls> {
  return new Map([...deployments].map(([id, deployment]) => [id, callable(deployment, userAgent)]));
}

function callable(deployment: Deployment & { readonly call: RequestCall }, userAgent: string): DeploymentCalls {
  const plain = new Map<RequestApi, PreparedCall | undefined>();
  const ofWildcard = new Map<string, PreparedCall | undefined>();
  const make = (call: Deployment['call'], api: RequestApi): PreparedCall | undefined =>
    call.kind === 'callable' ? upstreamCallOf(call, { api, userAgent }) : undefined;
  return {
    deployment,
    apiBase: deployment.call.apiBase,
    modelFrom: deployment.call.upstreamModel.includes('*') ? 'request' : 'deployment',
    redact: createRedactor(ownHeaderValues(deployment.call)),
    callFor: (api, requested) => {
      if (requested === undefined) {
        if (!plain.has(api)) plain.set(api, make(deployment.call, api));
        return plain.get(api);
      }
      const name = `${api} ${requested}`;
      if (ofWildcard.has(name)) return ofWildcard.get(name);
      const made = make(callFor(deployment, requested), api);
      if (ofWildcard.size < MAX_KEPT) ofWildcard.set(name, made);
      return made;
    },
  };
}

/** Shorter values are words such as `true`, and no secrets. */
const MIN_SECRET_LENGTH = 8;

/** Any header of the configuration may hold a secret, whatever its name is. */
function ownHeaderValues({ headers = {} }: RequestCall): readonly string[] {
  return Object.values(headers).filter(({ length }) => length >= MIN_SECRET_LENGTH);
}

function upstreamCallOf(
  call: RequestCall,
  { api, userAgent }: { api: RequestApi; userAgent: string },
): PreparedCall | undefined {
  const endpoint = requestEndpointOf(call, api);
  if (endpoint === undefined) return undefined;
  const { url, streamUrl, headers, format, model, claude } = endpoint;
  const isOpenAi = call.provider === 'openai' || call.wire === 'azure';
  return {
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    ...(streamUrl !== undefined && { streamPath: `${streamUrl.pathname}${streamUrl.search}` }),
    ...(claude !== undefined && { claude }),
    headers: Object.entries({ 'user-agent': userAgent, ...headers }).flat(),
    model,
    format,
    limitName: isOpenAi && REASONING.test(model) ? 'max_completion_tokens' : 'max_tokens',
    ...(call.extraBody !== undefined && { extraBody: call.extraBody }),
    ...(call.login !== undefined && { login: call.login }),
  };
}

/** OpenAI's models that reject `max_tokens`. */
const REASONING = /^(?:o\d|gpt-5)/;
