import type { TargetConfig, Wire } from '../config/index.ts';
import type { Api } from '../openai/index.ts';

/** Where to send a request, and as whom. */
export interface Endpoint {
  readonly url: URL;
  /** Lower-case names. Secrets are in here. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What of a target decides where a request goes. */
export type Reachable = Pick<
  TargetConfig,
  'wire' | 'apiBase' | 'upstreamModel' | 'apiKey' | 'apiVersion' | 'organization' | 'headers'
>;

/**
 * The address and the credentials for one call to a target.
 *
 * @example
 * endpointOf(target, 'chat/completions').url.href // 'https://api.openai.com/v1/chat/completions'
 */
export function endpointOf(target: Reachable, api: Api | 'models'): Endpoint {
  const wire = wires[target.wire];
  return {
    url: new URL(wire.url(target, api)),
    headers: { ...wire.credentials(target), ...lowerCased(target.headers ?? {}) },
  };
}

interface WireRow {
  readonly url: (target: Reachable, api: Api | 'models') => string;
  readonly credentials: (target: Reachable) => Record<string, string>;
}

const wires: Readonly<Record<Wire, WireRow>> = {
  openai: {
    url: ({ apiBase }, api) => `${apiBase}/${api}`,
    credentials: ({ apiKey, organization }) => ({
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      ...(organization === undefined ? {} : { 'openai-organization': organization }),
    }),
  },
  azure: {
    url: (target, api) => `${azureUrl(target, api)}${version(target)}`,
    credentials: ({ apiKey }) => (apiKey === undefined ? {} : { 'api-key': apiKey }),
  },
};

// The base may be the resource, a deployment within it, or the newer API that takes the model in the body.
function azureUrl({ apiBase, upstreamModel }: Reachable, api: Api | 'models'): string {
  if (apiBase.endsWith('/openai/v1')) return `${apiBase}/${api}`;
  const resource = apiBase.replace(/\/openai(\/deployments\/.*)?$/, '');
  if (api === 'models') return `${resource}/openai/models`;
  const named = /\/openai\/deployments\/([^/]+)/.exec(apiBase)?.[1];
  return `${resource}/openai/deployments/${named ?? encodeURIComponent(upstreamModel)}/${api}`;
}

function version({ apiBase, apiVersion }: Reachable): string {
  const wanted = apiVersion !== undefined && !apiBase.endsWith('/openai/v1');
  return wanted ? `?api-version=${encodeURIComponent(apiVersion)}` : '';
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
